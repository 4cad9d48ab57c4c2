#pragma once

#include <functional>
#include <string>

namespace soundcheck::test {

// What became of a function that ran in a child process.
struct Forked {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  std::string text;    // what the function returned
  std::string output;  // what it wrote to standard output and error, failed expectations among it

  bool passed() const { return exit_code == 0; }
};

// Runs `function` in a forked child and waits for it. The exit code is 0, or 1 when an expectation
// of GoogleTest failed in it. For what a process can do only once (SimGrid's engine) and for what
// ends it (assertions).
Forked run_forked(const std::function<std::string()>& function);

}  // namespace soundcheck::test
