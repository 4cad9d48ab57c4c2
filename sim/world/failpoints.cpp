#include "sim/world/failpoints.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck {

Verdict Failpoints::reach(const FailpointContext& context) {
  const auto at = static_cast<std::size_t>(context.failpoint);
  ++reached_[at];
  // By index: a watcher may disarm itself when it has struck for the last time.
  for (std::size_t i = 0; i < watchers_[at].size();) {
    FailpointWatcher* const watcher = watchers_[at][i];
    const Verdict verdict = watcher->at_failpoint(context);
    SOUNDCHECK_ASSERT(permitted_at(context.failpoint).contains(verdict.action),
                      "{} does not permit {}", name_of(context.failpoint), name_of(verdict.action));
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
