#pragma once

#include <span>
#include <string_view>

namespace soundcheck::cli {

// What the program answers to whoever started it. 0 to 3 are verdicts (reports/verdict/check.hpp);
// the others are those of sysexits.h where it has a fitting one, and of the shell for a signal.
inline constexpr int kExitFine = 0;
inline constexpr int kExitWrongCommandLine = 64;
inline constexpr int kExitWrongScenario = 65;
inline constexpr int kExitBroken = 70;
inline constexpr int kExitDigestsDiffer = 71;
inline constexpr int kExitCannotWrite = 74;
inline constexpr int kExitHungUp = 129;
inline constexpr int kExitInterrupted = 130;
inline constexpr int kExitTerminated = 143;

struct ProcessExit {
  int code;
  std::string_view meaning;
};
// All of them, for the help.
std::span<const ProcessExit> process_exits();

}  // namespace soundcheck::cli
