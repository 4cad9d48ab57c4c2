#include "sim/world/failpoints.hpp"

#include <algorithm>

namespace soundcheck {
namespace {

struct FailpointFacts {
  std::string_view name;
  std::string_view place;
};
constexpr std::array<FailpointFacts, kFailpointCount> kFailpointFacts{{
#define SOUNDCHECK_FAILPOINT(constant, name, where) {name, where},
#include "sim/world/failpoints.def"
#undef SOUNDCHECK_FAILPOINT
}};

}  // namespace

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

Verdict Failpoints::reach(const FailpointContext& context) {
  const auto at = static_cast<std::size_t>(context.failpoint);
  ++reached_[at];
  // By index: a watcher may disarm itself when it has struck for the last time.
  for (std::size_t i = 0; i < watchers_[at].size();) {
    FailpointWatcher* const watcher = watchers_[at][i];
    const Verdict verdict = watcher->at_failpoint(context);
    if (verdict.action != Verdict::Action::kPass) return verdict;
    if (i < watchers_[at].size() && watchers_[at][i] == watcher) ++i;
  }
  return {};
}

bool Failpoints::could_strike(const FailpointContext& context) const {
  const auto& watchers = watchers_[static_cast<std::size_t>(context.failpoint)];
  return std::ranges::any_of(
      watchers, [&](const FailpointWatcher* watcher) { return watcher->could_strike(context); });
}

void Failpoints::arm(Failpoint failpoint, FailpointWatcher& watcher) {
  disturbances_.pass(kernel_.now());
  watchers_[static_cast<std::size_t>(failpoint)].push_back(&watcher);
}

void Failpoints::disarm(Failpoint failpoint, FailpointWatcher& watcher) {
  auto& watchers = watchers_[static_cast<std::size_t>(failpoint)];
  watchers.erase(std::remove(watchers.begin(), watchers.end(), &watcher), watchers.end());
}

}  // namespace soundcheck
