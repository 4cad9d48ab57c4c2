#include "cli/process_exit.hpp"

#include <array>

namespace soundcheck::cli {

std::span<const ProcessExit> process_exits() {
  static constexpr std::array kExits{
      ProcessExit{kExitFine, "every expectation held; or the command did what was asked"},
      ProcessExit{1, "an invariant or a saga expectation failed"},
      ProcessExit{2, "a service level objective or the recovery failed"},
      ProcessExit{3, "unknown: nothing was there to check, or a fault had no effect"},
      ProcessExit{kExitWrongCommandLine, "the command line is wrong"},
      ProcessExit{kExitWrongScenario, "the scenario is wrong"},
      ProcessExit{kExitBroken, "the simulator itself is broken: please report it"},
      ProcessExit{kExitDigestsDiffer, "two runs of one seed differ: please report it"},
      ProcessExit{kExitCannotWrite, "results could not be written"},
      ProcessExit{kExitHungUp, "aborted: the terminal was closed (SIGHUP)"},
      ProcessExit{kExitInterrupted, "aborted by Ctrl-C"},
      ProcessExit{kExitTerminated, "aborted by SIGTERM"},
  };
  return kExits;
}

}  // namespace soundcheck::cli
