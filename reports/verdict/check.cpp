#include "reports/verdict/check.hpp"

#include <algorithm>
#include <array>

namespace soundcheck {

std::string_view name_of(CheckStatus status) {
  static constexpr std::array<std::string_view, 3> kNames{"pass", "fail", "unknown"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view name_of(Check::Kind kind) {
  static constexpr std::array<std::string_view, 6> kNames{"invariant", "sagas", "objective",
                                                          "recovery",  "work",  "fault"};
  return kNames[static_cast<std::size_t>(kind)];
}

ExitCode exit_code_of(const std::vector<Check>& checks) {
  bool unsound = false;
  bool missed = false;
  bool unknown = checks.empty();
  for (const Check& check : checks) {
    const bool sound = check.kind == Check::Kind::kInvariant || check.kind == Check::Kind::kSagas;
    if (check.status == CheckStatus::kFail) (sound ? unsound : missed) = true;
    if (check.status == CheckStatus::kUnknown) unknown = true;
  }
  if (unsound) return ExitCode::kUnsound;
  if (missed) return ExitCode::kObjectiveMissed;
  return unknown ? ExitCode::kUnknown : ExitCode::kPass;
}

CheckStatus status_of(ExitCode code) {
  if (code == ExitCode::kPass) return CheckStatus::kPass;
  return code == ExitCode::kUnknown ? CheckStatus::kUnknown : CheckStatus::kFail;
}

}  // namespace soundcheck
