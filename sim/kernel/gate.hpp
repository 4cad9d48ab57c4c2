#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// The queue in front of a host's cores or of a disk: how `Sharing::kFifo` is made of a resource
// that shares itself fairly. At most `cores` activities are inside, the others wait in order of
// arrival. With `Sharing::kShared` the gate is always open. Whoever was cancelled while waiting is
// skipped when its turn comes.
class Gate {
 public:
  Gate(Sharing sharing, int cores)
      : limit_(sharing == Sharing::kFifo ? static_cast<std::uint32_t>(cores)
                                         : std::numeric_limits<std::uint32_t>::max()) {}

  // True when the activity may run now; else it waits.
  bool enter(ActivityId id) {
    if (inside_ < limit_) {
      ++inside_;
      return true;
    }
    if (waiting_ == ring_.size()) grow();
    ring_[(head_ + waiting_++) & (ring_.size() - 1)] = id;
    return false;
  }

  // One that was inside has ended. Returns the one that enters in its place, or an invalid id.
  ActivityId leave(ActivityTable& activities) {
    while (waiting_ != 0) {
      const ActivityId next = ring_[head_];
      head_ = (head_ + 1) & (ring_.size() - 1);
      --waiting_;
      if (activities.find(next) != nullptr) return next;
    }
    --inside_;
    return {};
  }

  // All are gone: the host went off.
  void clear() {
    inside_ = 0;
    waiting_ = 0;
  }

 private:
  [[gnu::cold, gnu::noinline]] void grow() {
    std::vector<ActivityId> larger(ring_.empty() ? 8 : ring_.size() * 2);
    for (std::size_t i = 0; i < waiting_; ++i) larger[i] = ring_[(head_ + i) & (ring_.size() - 1)];
    ring_ = std::move(larger);
    head_ = 0;
  }

  std::vector<ActivityId> ring_;  // the size is a power of two
  std::size_t head_ = 0;
  std::size_t waiting_ = 0;
  std::uint32_t limit_;
  std::uint32_t inside_ = 0;
};

}  // namespace soundcheck
