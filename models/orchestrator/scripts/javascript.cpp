#include "models/orchestrator/scripts/javascript.hpp"

#include <duktape.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "models/orchestrator/scripts/modern_syntax.hpp"

namespace soundcheck::conductor {

namespace {

// Counts what the engine holds, so that a greedy script fails at the same point on every machine.
struct Heap {
  std::size_t used = 0;
  std::size_t most = 0;
};

constexpr std::size_t kHeader = alignof(std::max_align_t);

void* allocate(void* data, duk_size_t size) {
  auto& heap = *static_cast<Heap*>(data);
  if (size == 0 || heap.used + size > heap.most) return nullptr;
  void* block = std::malloc(size + kHeader);
  if (!block) return nullptr;
  std::memcpy(block, &size, sizeof size);
  heap.used += size;
  return static_cast<char*>(block) + kHeader;
}

void release(void* data, void* pointer) {
  if (!pointer) return;
  char* block = static_cast<char*>(pointer) - kHeader;
  duk_size_t size = 0;
  std::memcpy(&size, block, sizeof size);
  static_cast<Heap*>(data)->used -= size;
  std::free(block);
}

void* reallocate(void* data, void* pointer, duk_size_t size) {
  if (!pointer) return allocate(data, size);
  if (size == 0) {
    release(data, pointer);
    return nullptr;
  }
  auto& heap = *static_cast<Heap*>(data);
  char* block = static_cast<char*>(pointer) - kHeader;
  duk_size_t old = 0;
  std::memcpy(&old, block, sizeof old);
  if (heap.used - old + size > heap.most) return nullptr;
  void* moved = std::realloc(block, size + kHeader);
  if (!moved) return nullptr;
  std::memcpy(moved, &size, sizeof size);
  heap.used += size - old;
  return static_cast<char*>(moved) + kHeader;
}

// Takes away what would make two runs differ, gives maps and lists the methods they have in Java,
// and adds the functions of newer JavaScript that scripts use most.
constexpr const char* kPrelude = R"js(
(function (global) {
  delete global.Date; delete global.Duktape; delete global.performance; delete Math.random;
  function hidden(owner, name, method) {
    if (Object.prototype.hasOwnProperty.call(owner, name)) return;
    var descriptor = Object.create(null);
    descriptor.value = method; descriptor.enumerable = false;
    descriptor.configurable = true; descriptor.writable = true;
    Object.defineProperty(owner, name, descriptor);
  }
  hidden(Object.prototype, 'get', function (key) { return this[key]; });
  hidden(Object.prototype, 'size', function () { return Object.keys(this).length; });
  hidden(Object.prototype, 'isEmpty', function () { return Object.keys(this).length === 0; });
  hidden(Object.prototype, 'containsKey', function (key) {
    return Object.prototype.hasOwnProperty.call(this, key);
  });
  hidden(Object, 'values', function (object) {
    return Object.keys(object).map(function (key) { return object[key]; });
  });
  hidden(Object, 'entries', function (object) {
    return Object.keys(object).map(function (key) { return [key, object[key]]; });
  });
  hidden(Object, 'assign', function (target) {
    for (var i = 1; i < arguments.length; ++i) {
      for (var k in arguments[i]) target[k] = arguments[i][k];
    }
    return target;
  });
  hidden(Array.prototype, 'findIndex', function (test) {
    for (var i = 0; i < this.length; ++i) if (test(this[i], i, this)) return i;
    return -1;
  });
  hidden(Array.prototype, 'find', function (test) { return this[this.findIndex(test)]; });
  hidden(Array.prototype, 'includes', function (x) { return this.indexOf(x) >= 0; });
  hidden(String.prototype, 'includes', function (x) { return this.indexOf(x) >= 0; });
  hidden(String.prototype, 'startsWith', function (x) { return this.indexOf(x) === 0; });
  hidden(String.prototype, 'endsWith', function (x) {
    return x.length === 0 || this.slice(-x.length) === String(x);
  });
})(this);
)js";

duk_ret_t prepare(duk_context* context, void*) {
  duk_eval_string_noresult(context, kPrelude);
  duk_json_decode(context, -1);
  duk_put_global_string(context, "$");
  return 0;
}

duk_ret_t encode(duk_context* context, void*) {
  if (duk_is_undefined(context, -1) || duk_is_function(context, -1)) {
    duk_push_string(context, "null");
  } else {
    duk_json_encode(context, -1);
  }
  if (duk_is_undefined(context, -1)) duk_push_string(context, "null");
  return 1;
}

std::string text_at_top(duk_context* context) {
  const char* text = duk_safe_to_string(context, -1);
  return text ? text : "";
}

// Leaves a function that runs the script, or the error, at the top.
bool compiles(duk_context* context, const std::string& script) {
  duk_push_lstring(context, script.data(), script.size());
  duk_push_string(context, "script");
  return duk_pcompile(context, DUK_COMPILE_EVAL) == 0;
}

// The same, with newer syntax rewritten if need be. The error is that of the script as written.
bool compiles_somehow(duk_context* context, const std::string& script) {
  if (compiles(context, script)) return true;
  const bool rewritten = compiles(context, with_older_syntax(script));
  if (!rewritten) duk_pop(context);
  return rewritten;
}

}  // namespace

std::expected<std::string, std::string> run_javascript(const std::string& script,
                                                       const std::string& input,
                                                       std::size_t most_bytes) {
  Heap heap{0, most_bytes};
  const std::unique_ptr<duk_context, void (*)(duk_context*)> owner(
      duk_create_heap(allocate, reallocate, release, &heap, nullptr), duk_destroy_heap);
  duk_context* context = owner.get();
  if (!context) return std::unexpected("not enough memory for a script engine");
  duk_push_lstring(context, input.data(), input.size());
  if (duk_safe_call(context, prepare, nullptr, 1, 1) != DUK_EXEC_SUCCESS)
    return std::unexpected(text_at_top(context));
  duk_pop(context);
  if (!compiles_somehow(context, script) || duk_pcall(context, 0) != DUK_EXEC_SUCCESS)
    return std::unexpected(text_at_top(context));
  if (duk_safe_call(context, encode, nullptr, 1, 1) != DUK_EXEC_SUCCESS)
    return std::unexpected(text_at_top(context));
  return text_at_top(context);
}

}  // namespace soundcheck::conductor
