#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/ids.hpp"
#include "sim/kernel/kernel.hpp"

namespace soundcheck {

enum class ActivityKind : std::uint8_t { kNone, kTransfer, kComputation, kDiskAccess };

enum class ActivityStage : std::uint8_t {
  kRunning,
  kWaiting,  // behind the gate of a first-in-first-out host or disk
  kEnding,   // over in the model; its end is in the timer queue
  kFailing,  // over; its callback is in the ready queue
};

// A message, computation or disk access from its start until its callback is called.
struct Activity {
  ActivityCallback done;
  std::uint64_t sequence =
      0;            // rank among the events of an instant: activities started earlier end earlier
  double work = 0;  // nanoseconds of an idle core or disk of speed 1; of a message: bytes
  TimerId timer;    // the end, where it is known in advance
  HostId from;      // for computations and disk accesses both are the host
  HostId to;
  std::uint32_t generation = 1;
  ActivityKind kind = ActivityKind::kNone;
  ActivityStage stage = ActivityStage::kRunning;

  bool touches(HostId host) const { return from == host || to == host; }
};

// All activities under way in a kernel. Entries are reused; nothing is allocated in the steady
// state. References stay valid until the next start().
class ActivityTable {
 public:
  ActivityId start(ActivityKind kind, HostId from, HostId to, ActivityCallback done,
                   std::uint64_t sequence) {
    std::uint32_t index;
    if (free_.empty()) {
      index = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    Activity& entry = entries_[index];
    entry.done = done;
    entry.sequence = sequence;
    entry.from = from;
    entry.to = to;
    entry.kind = kind;
    entry.stage = ActivityStage::kRunning;
    return {index, entry.generation};
  }

  // Null when the activity has ended or was cancelled.
  Activity* find(ActivityId id) {
    if (id.index >= entries_.size() || entries_[id.index].generation != id.generation)
      return nullptr;
    return &entries_[id.index];
  }
  Activity& operator[](ActivityId id) { return entries_[id.index]; }

  // Forgets the activity and returns what is to be called.
  ActivityCallback finish(ActivityId id) {
    Activity& entry = entries_[id.index];
    SOUNDCHECK_ASSERT(entry.generation == id.generation, "activity {} ended twice", id.index);
    if (++entry.generation == 0) entry.generation = 1;
    entry.kind = ActivityKind::kNone;
    free_.push_back(id.index);
    return entry.done;
  }

  // The activities for which `selected` is true and that have not failed yet, in the order of their
  // start. Looks at every entry: for faults, which are rare, so that messages need not be kept in a
  // list for each link.
  template <class Predicate>
  std::vector<ActivityId> select(Predicate selected) const {
    std::vector<ActivityId> chosen;
    for (std::uint32_t index = 0; index < entries_.size(); ++index) {
      const Activity& entry = entries_[index];
      if (entry.kind == ActivityKind::kNone || entry.stage == ActivityStage::kFailing) continue;
      if (selected(entry)) chosen.push_back({index, entry.generation});
    }
    std::sort(chosen.begin(), chosen.end(), [this](ActivityId a, ActivityId b) {
      return entries_[a.index].sequence < entries_[b.index].sequence;
    });
    return chosen;
  }

  std::size_t in_use() const { return entries_.size() - free_.size(); }

 private:
  std::vector<Activity> entries_;
  std::vector<std::uint32_t> free_;
};

}  // namespace soundcheck
