#pragma once

#include <sys/types.h>

#include <cstddef>
#include <expected>
#include <string>

#include "models/scripts/script_wire.hpp"

namespace soundcheck {

// Only a script that never ends, or takes all memory, reaches a limit, so a limit changes no other
// result. CPU time, not wall time: a busy machine changes nothing.
struct ScriptLimits {
  int cpu_seconds = 5;                       // of one script
  std::size_t javascript_bytes = 64u << 20;  // of the JavaScript heap
  std::size_t process_bytes = 512u << 20;    // of the helper's address space, beyond its start
};

// The helper process that runs scripts, one at a time: the program `soundcheck-scripts`, started by
// the first script. What a script gives is a function of script and input alone. One that reaches a
// limit fails with one fixed text; the helper goes on, or the next script starts another.
//
// A process that was forked off this one does not share the helper: it starts its own.
class ScriptProcess {
 public:
  explicit ScriptProcess(ScriptLimits limits = {}) : limits_(limits) {}
  ~ScriptProcess();
  ScriptProcess(const ScriptProcess&) = delete;
  ScriptProcess& operator=(const ScriptProcess&) = delete;

  // JSON text in, JSON text out; the error is a sentence about the script, or about a helper that
  // cannot be started.
  std::expected<std::string, std::string> run(ScriptLanguage language, const std::string& script,
                                              const std::string& input);
  // How many helpers have been started so far.
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

// The reason a task fails with when its script came to a limit.
inline constexpr const char* kScriptKilled =
    "the script did not end within its limits of CPU time and memory";

}  // namespace soundcheck
