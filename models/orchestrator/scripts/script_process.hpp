#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>

namespace soundcheck::conductor {

struct ScriptLimits {
  int cpu_seconds = 5;  // of one script; CPU time, so a busy machine changes nothing
  std::size_t javascript_bytes = 64u << 20;
  std::size_t process_bytes = 512u << 20;  // beyond what the process began with
};

enum class ScriptLanguage : std::uint8_t { kJavascript, kJq };

// A forked copy of this program that does nothing but run scripts, one at a time. It starts with
// the first script. A script that reaches a limit takes the process down and fails with one fixed
// text; the next script gets a new process. Only a script that never ends, or takes all memory,
// reaches a limit, so results are a function of script and input.
//
// A process that was forked off this one does not share the helper: it starts its own.
class ScriptProcess {
 public:
  explicit ScriptProcess(ScriptLimits limits = {}) : limits_(limits) {}
  ~ScriptProcess();
  ScriptProcess(const ScriptProcess&) = delete;
  ScriptProcess& operator=(const ScriptProcess&) = delete;

  // JSON text in, JSON text out; the error is a sentence about the script.
  std::expected<std::string, std::string> run(ScriptLanguage language, const std::string& script,
                                              const std::string& input);
  // How many processes have been started so far.
  int started() const { return started_; }

 private:
  bool start();
  void stop();

  ScriptLimits limits_;
  pid_t process_ = 0;  // 0: none
  pid_t owner_ = 0;    // who started it
  int socket_ = -1;
  int started_ = 0;
};

// The reason a task fails with when its script was killed.
inline constexpr const char* kScriptKilled =
    "the script did not end within its limits of CPU time and memory";

}  // namespace soundcheck::conductor
