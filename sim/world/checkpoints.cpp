#include "sim/world/checkpoints.hpp"

#include <algorithm>

namespace soundcheck {
namespace {

struct CheckpointFacts {
  std::string_view name;
  std::string_view place;
};
constexpr std::array<CheckpointFacts, kCheckpointCount> kCheckpointFacts{{
#define SOUNDCHECK_CHECKPOINT(constant, name, where) {name, where},
#include "sim/world/checkpoints.def"
#undef SOUNDCHECK_CHECKPOINT
}};

}  // namespace

std::string_view name_of(Checkpoint checkpoint) {
  return kCheckpointFacts[static_cast<std::size_t>(checkpoint)].name;
}
std::string_view place_of(Checkpoint checkpoint) {
  return kCheckpointFacts[static_cast<std::size_t>(checkpoint)].place;
}
std::optional<Checkpoint> checkpoint_named(std::string_view name) {
  for (std::size_t i = 0; i < kCheckpointCount; ++i) {
    if (kCheckpointFacts[i].name == name) return static_cast<Checkpoint>(i);
  }
  return std::nullopt;
}

Verdict Checkpoints::reach(const CheckpointContext& context) {
  const auto at = static_cast<std::size_t>(context.checkpoint);
  ++reached_[at];
  // By index: a watcher may disarm itself when it has struck for the last time.
  for (std::size_t i = 0; i < watchers_[at].size();) {
    CheckpointWatcher* const watcher = watchers_[at][i];
    const Verdict verdict = watcher->at_checkpoint(context);
    if (verdict.action != Verdict::Action::kPass) return verdict;
    if (i < watchers_[at].size() && watchers_[at][i] == watcher) ++i;
  }
  return {};
}

bool Checkpoints::could_strike(const CheckpointContext& context) const {
  const auto& watchers = watchers_[static_cast<std::size_t>(context.checkpoint)];
  return std::ranges::any_of(
      watchers, [&](const CheckpointWatcher* watcher) { return watcher->could_strike(context); });
}

void Checkpoints::arm(Checkpoint checkpoint, CheckpointWatcher& watcher) {
  disturbances_.pass(kernel_.now());
  watchers_[static_cast<std::size_t>(checkpoint)].push_back(&watcher);
}

void Checkpoints::disarm(Checkpoint checkpoint, CheckpointWatcher& watcher) {
  auto& watchers = watchers_[static_cast<std::size_t>(checkpoint)];
  watchers.erase(std::remove(watchers.begin(), watchers.end(), &watcher), watchers.end());
}

}  // namespace soundcheck
