#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "models/orchestrator/decider/script_engine.hpp"
#include "models/scripts/script_process.hpp"

namespace soundcheck::conductor {

// Scripts by SpiderMonkey and libjq in a helper process (models/scripts); results are kept by
// (script, input), which is sound because a script has nothing else to depend on. Without scripts
// no process is started.
class LibraryScriptEngine : public ScriptEngine {
 public:
  // With the helper that all engines of this program share: a sweep starts it once.
  LibraryScriptEngine();
  // With a helper of its own.
  explicit LibraryScriptEngine(ScriptLimits limits)
      : process_(std::make_shared<ScriptProcess>(limits)) {}

  std::expected<Json, std::string> javascript(std::string_view script, const Json& input) override;
  std::expected<Json, std::string> jq(std::string_view filter, const Json& input) override;

  std::uint64_t scripts_run() const { return run_; }  // not counting those answered from memory
  int processes_started() const { return process_->started(); }

 private:
  using Key = std::tuple<ScriptLanguage, std::string, std::string>;

  std::expected<Json, std::string> run(ScriptLanguage language, std::string_view script,
                                       const Json& input);

  std::shared_ptr<ScriptProcess> process_;
  std::map<Key, std::expected<Json, std::string>> results_;
  std::size_t remembered_bytes_ = 0;
  std::uint64_t run_ = 0;
};

}  // namespace soundcheck::conductor
