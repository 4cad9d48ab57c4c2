#include "models/scripts/helper/javascript.hpp"

#include <js/CompilationAndEvaluation.h>
#include <js/Conversions.h>
#include <js/GCAPI.h>
#include <js/Initialization.h>
#include <js/Interrupt.h>
#include <js/JSON.h>
#include <js/LocaleSensitive.h>
#include <js/SourceText.h>
#include <jsapi.h>
#include <jsfriendapi.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "models/scripts/helper/javascript_world.hpp"

namespace soundcheck::scripts {
namespace {

constexpr std::size_t kStack = 1u << 20;

// Standard classes are made when a script first asks for them.
const JSClass kGlobalClass = {"global", JSCLASS_GLOBAL_FLAGS, &JS::DefaultGlobalClassOps};

[[noreturn]] void no_engine(const char* what) {
  std::fprintf(stderr, "soundcheck-scripts: %s\n", what);
  std::_Exit(1);
}

JS::RealmOptions realm_options() {
  JS::RealmOptions options;
  options.creationOptions()
      .setSharedMemoryAndAtomicsEnabled(false)
      .setWeakRefsEnabled(JS::WeakRefSpecifier::Disabled)
      .setPropertyErrorMessageFixEnabled(true);
  return options;
}

bool append(const char16_t* text, std::uint32_t length, void* into) {
  static_cast<std::u16string*>(into)->append(text, length);
  return true;
}

std::string utf8(JSContext* context, JS::HandleString text) {
  const JS::UniqueChars encoded = JS_EncodeStringToUTF8(context, text);
  return encoded ? encoded.get() : "";
}

}  // namespace

struct JavascriptEngine::Engine {
  JSContext* context = nullptr;
  std::size_t most_bytes = 0;
  std::atomic<bool> stop{false};

  bool evaluate(const char* name, const char* text, std::size_t size,
                JS::MutableHandleValue result);
  bool bind_input(JS::HandleObject global, const std::string& input);
  ScriptResult failure();
  ScriptResult as_json(JS::MutableHandleValue value);
};

namespace {

// One engine a process, so that the callback finds it.
std::atomic<bool>* stop_wanted = nullptr;
bool on_interrupt(JSContext*) {
  return !stop_wanted->load();
}

}  // namespace

JavascriptEngine::JavascriptEngine(std::size_t most_bytes) : engine_(std::make_unique<Engine>()) {
  // A JIT would reserve 2 GB of address space, and compile for this processor.
  JS::DisableJitBackend();
  if (!JS_Init()) no_engine("SpiderMonkey does not start");
  JSContext* const context = JS_NewContext(static_cast<std::uint32_t>(most_bytes));
  if (context == nullptr) no_engine("SpiderMonkey has no memory");
  engine_->context = context;
  engine_->most_bytes = most_bytes;
  JS_SetNativeStackQuota(context, kStack);
  // Promises settle when their script has ended.
  if (!js::UseInternalJobQueues(context) || !JS::InitSelfHostedCode(context) ||
      !JS_SetDefaultLocale(JS_GetRuntime(context), "en-US")) {
    no_engine("SpiderMonkey cannot be set up");
  }
  stop_wanted = &engine_->stop;
  JS_AddInterruptCallback(context, on_interrupt);
}

JavascriptEngine::~JavascriptEngine() {
  JS_DestroyContext(engine_->context);
  JS_ShutDown();
}

void JavascriptEngine::stop_script() {
  engine_->stop.store(true);
  JS_RequestInterruptCallback(engine_->context);
}

bool JavascriptEngine::Engine::evaluate(const char* name, const char* text, std::size_t size,
                                        JS::MutableHandleValue result) {
  JS::CompileOptions options(context);
  options.setFileAndLine(name, 1);
  JS::SourceText<mozilla::Utf8Unit> source;
  return source.init(context, text, size, JS::SourceOwnership::Borrowed) &&
         JS::Evaluate(context, options, source, result);
}

// Prepares the world, then `$`.
bool JavascriptEngine::Engine::bind_input(JS::HandleObject global, const std::string& input) {
  JS::RootedValue reader(context);
  if (!evaluate("world", kJavascriptWorld, sizeof kJavascriptWorld - 1, &reader)) return false;
  JS::RootedString text(context,
                        JS_NewStringCopyUTF8N(context, JS::UTF8Chars(input.data(), input.size())));
  if (!text) return false;
  JS::RootedValueArray<1> arguments(context);
  arguments[0].setString(text);
  JS::RootedValue value(context);
  return JS_CallFunctionValue(context, global, reader, arguments, &value) &&
         JS_DefineProperty(context, global, "$", value, JSPROP_ENUMERATE);
}

// What went wrong, after a call that returned false.
ScriptResult JavascriptEngine::Engine::failure() {
  JS::RootedValue thrown(context);
  const bool caught = JS_IsExceptionPending(context) && JS_GetPendingException(context, &thrown);
  const bool out_of_memory = JS_IsThrowingOutOfMemory(context);
  JS_ClearPendingException(context);
  if (!caught || out_of_memory) return ScriptResult::at_limit();
  JS::RootedString text(context, JS::ToString(context, thrown));
  if (!text) {  // it cannot even be shown
    JS_ClearPendingException(context);
    return stop.load() ? ScriptResult::at_limit()
                       : ScriptResult::error("the script has thrown something without a text");
  }
  return ScriptResult::error(utf8(context, text));
}

ScriptResult JavascriptEngine::Engine::as_json(JS::MutableHandleValue value) {
  std::u16string json;
  if (!JS_Stringify(context, value, nullptr, JS::NullHandleValue, append, &json)) return failure();
  // A function, a symbol: no JSON, and then JS_Stringify calls nobody or says "undefined".
  if (json.empty() || json == u"undefined") return ScriptResult::value("null");
  JS::RootedString text(context, JS_NewUCStringCopyN(context, json.data(), json.size()));
  if (!text) return failure();
  return ScriptResult::value(utf8(context, text));
}

ScriptResult JavascriptEngine::run(const std::string& script, const std::string& input) {
  JSContext* const context = engine_->context;
  engine_->stop.store(false);
  ScriptResult result;
  {
    const JS::RealmOptions options = realm_options();
    JS::RootedObject global(context, JS_NewGlobalObject(context, &kGlobalClass, nullptr,
                                                        JS::FireOnNewGlobalHook, options));
    if (!global) return engine_->failure();
    const JSAutoRealm realm(context, global);
    JS::RootedValue value(context);
    if (!engine_->bind_input(global, input) ||
        !engine_->evaluate("script", script.data(), script.size(), &value)) {
      result = engine_->failure();
    } else {
      js::RunJobs(context);
      result = engine_->stop.load() ? ScriptResult::at_limit() : engine_->as_json(&value);
    }
  }
  // The worlds of earlier scripts must not crowd the next one out of the heap.
  if (JS_GetGCParameter(context, JSGC_BYTES) > engine_->most_bytes / 4) JS_GC(context);
  return result;
}

}  // namespace soundcheck::scripts
