#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/verdict/measure.hpp"

namespace soundcheck {

enum class CheckStatus : std::uint8_t { kPass, kFail, kUnknown };
std::string_view name_of(CheckStatus status);  // "pass"

// One expectation and what came of it.
struct Check {
  enum class Kind : std::uint8_t { kInvariant, kSagas, kObjective, kRecovery, kWork, kFault };
  Kind kind = Kind::kInvariant;
  CheckStatus status = CheckStatus::kUnknown;
  std::string expectation;  // "subscribe p99 < 400ms during faults"
  std::string observed;     // "1.24 s"
  std::optional<Measure> measure;
};
std::string_view name_of(Check::Kind kind);  // "objective"

// What the process answers; architecture.md and the scenario format fix the numbers.
enum class ExitCode : std::uint8_t {
  kPass = 0,
  kUnsound = 1,          // an invariant or a saga expectation failed
  kObjectiveMissed = 2,  // an objective or the recovery failed
  kUnknown = 3           // nothing was there to check, or a fault changed nothing
};

// Failures of soundness weigh more than missed objectives, both more than the unknown.
ExitCode exit_code_of(const std::vector<Check>& checks);
CheckStatus status_of(ExitCode code);

}  // namespace soundcheck
