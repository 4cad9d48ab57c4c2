#include "models/orchestrator/scripts/javascript.hpp"

#include <duktape.h>

#include <cstdlib>
#include <cstring>
#include <memory>

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

// Takes away what would make two runs differ, and gives maps and lists the methods they have in
// Java.
constexpr const char* kPrelude = R"js(
(function (global) {
  delete global.Date; delete global.Duktape; delete global.performance; delete Math.random;
  function hidden(prototype, name, method) {
    var descriptor = Object.create(null);
    descriptor.value = method; descriptor.enumerable = false;
    descriptor.configurable = true; descriptor.writable = true;
    Object.defineProperty(prototype, name, descriptor);
  }
  hidden(Object.prototype, 'get', function (key) { return this[key]; });
  hidden(Object.prototype, 'size', function () { return Object.keys(this).length; });
  hidden(Object.prototype, 'isEmpty', function () { return Object.keys(this).length === 0; });
  hidden(Object.prototype, 'containsKey', function (key) {
    return Object.prototype.hasOwnProperty.call(this, key);
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
  if (duk_peval_lstring(context, script.data(), script.size()) != 0)
    return std::unexpected(text_at_top(context));
  if (duk_safe_call(context, encode, nullptr, 1, 1) != DUK_EXEC_SUCCESS)
    return std::unexpected(text_at_top(context));
  return text_at_top(context);
}

}  // namespace soundcheck::conductor
