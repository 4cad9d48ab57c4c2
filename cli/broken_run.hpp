#pragma once

#include <string>

namespace soundcheck {
class Run;
}

namespace soundcheck::cli {

class RunFolder;

// While it lives, a mistake of the program itself (exit code 70) keeps what is needed to find it:
// the scenario as it is run, with its seed, the command that runs it, and the last events. Then it
// says where to send that. One at a time.
class BrokenRun {
 public:
  // All of them outlive this; `scenario` is YAML with every default filled in.
  BrokenRun(RunFolder& folder, const std::string& scenario, const std::string& replay,
            const Run& run);
  ~BrokenRun();
  BrokenRun(const BrokenRun&) = delete;
  BrokenRun& operator=(const BrokenRun&) = delete;
};

}  // namespace soundcheck::cli
