#include "models/orchestrator/scripts/library_script_engine.hpp"

namespace soundcheck::conductor {

namespace {

constexpr std::size_t kMostRememberedBytes = 32u << 20;

std::shared_ptr<ScriptProcess> shared_process() {
  static const auto process = std::make_shared<ScriptProcess>();
  return process;
}

}  // namespace

LibraryScriptEngine::LibraryScriptEngine() : process_(shared_process()) {}

std::expected<Json, std::string> LibraryScriptEngine::javascript(std::string_view script,
                                                                 const Json& input) {
  return run(ScriptLanguage::kJavascript, script, input);
}

std::expected<Json, std::string> LibraryScriptEngine::jq(std::string_view filter,
                                                         const Json& input) {
  return run(ScriptLanguage::kJq, filter, input);
}

std::expected<Json, std::string> LibraryScriptEngine::run(ScriptLanguage language,
                                                          std::string_view script,
                                                          const Json& input) {
  Key key(language, std::string(script), input.dump());
  if (const auto known = results_.find(key); known != results_.end()) return known->second;
  ++run_;
  const std::expected<std::string, std::string> text =
      process_->run(language, std::get<1>(key), std::get<2>(key));
  std::expected<Json, std::string> result;
  if (!text) {
    result = std::unexpected(text.error());
  } else {
    result = Json::parse(*text, nullptr, false);
    if (result->is_discarded()) result = std::unexpected("the script's result is no JSON");
  }
  const std::size_t bytes =
      std::get<1>(key).size() + std::get<2>(key).size() + (text ? text->size() : 0);
  if (remembered_bytes_ + bytes > kMostRememberedBytes) {
    results_.clear();
    remembered_bytes_ = 0;
  }
  remembered_bytes_ += bytes;
  results_.emplace(std::move(key), result);
  return result;
}

}  // namespace soundcheck::conductor
