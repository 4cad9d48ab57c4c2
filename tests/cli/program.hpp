#pragma once

#include <signal.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/core/json.hpp"

namespace soundcheck::test {

// What a started program did.
struct ProgramRun {
  int exit_code = -1;  // 128 + n when signal n ended it
  std::string output;
  std::string errors;

  Json json() const { return Json::parse(output); }
  std::vector<std::string> lines() const;  // of the output
};

struct ProgramSetup {
  std::string input;                     // standard input
  std::vector<std::string> environment;  // NAME=value, besides a PATH
  bool cannot_write_files = false;       // as if the disk were full
  bool output_on_terminal = false;       // standard output is a terminal
  bool errors_on_terminal = false;       // standard error is
  unsigned short terminal_columns = 80;
  std::function<bool(const std::string& errors)> interrupt_when;  // then it gets the signal, once
  int interrupt_by = SIGINT;
};

// A folder of its own for one test, in which the built program is started.
class Workplace {
 public:
  Workplace();
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& file, const std::string& text) const;
  std::string read(const std::filesystem::path& file) const;

  // `soundcheck words...`
  ProgramRun run(const std::vector<std::string>& words, const ProgramSetup& setup = {}) const;
  // A command line for the shell, which finds `soundcheck` in its path.
  ProgramRun run_shell(const std::string& script, const ProgramSetup& setup = {}) const;

 private:
  std::filesystem::path folder_;
};

// The longest line, in characters.
std::size_t widest_line(const std::string& text);

// A scenario that is right, and over in a moment.
inline const std::string kShortScenario =
    "soundcheck: 1\nname: short\nduration: 5s\nfidelity: direct\n";

}  // namespace soundcheck::test
