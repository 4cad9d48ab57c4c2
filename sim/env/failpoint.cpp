#include "sim/env/failpoint.hpp"

#include <array>

namespace soundcheck {
namespace {

struct FailpointFacts {
  std::string_view name;
  std::string_view place;
};
constexpr std::array<FailpointFacts, kFailpointCount> kFailpointFacts{{
#define SOUNDCHECK_FAILPOINT(constant, name, verdicts, where) {name, where},
#include "sim/env/failpoints.def"
#undef SOUNDCHECK_FAILPOINT
}};

constexpr std::array<std::string_view, 6> kActionNames{"pass",      "delay", "drop",
                                                       "duplicate", "fail",  "crash"};

}  // namespace

std::string_view name_of(Verdict::Action action) {
  return kActionNames[static_cast<std::size_t>(action)];
}

std::string to_text(VerdictSet verdicts) {
  std::string text;
  for (std::size_t i = 0; i < kActionNames.size(); ++i) {
    if (!verdicts.contains(static_cast<Verdict::Action>(i))) continue;
    if (!text.empty()) text += ", ";
    text += kActionNames[i];
  }
  return text;
}

std::string_view name_of(Failpoint failpoint) {
  return kFailpointFacts[static_cast<std::size_t>(failpoint)].name;
}
std::string_view place_of(Failpoint failpoint) {
  return kFailpointFacts[static_cast<std::size_t>(failpoint)].place;
}
std::optional<Failpoint> failpoint_named(std::string_view name) {
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    if (kFailpointFacts[i].name == name) return static_cast<Failpoint>(i);
  }
  return std::nullopt;
}

}  // namespace soundcheck
