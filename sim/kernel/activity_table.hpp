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
  kAlone,    // has a core or disk to itself: it ends at its timer, whatever else starts
  kWaiting,  // behind the gate of a first-in-first-out host or disk
  kEnding,   // over in the model; its end is in the timer queue
  kFailing,  // over; its callback is in the ready queue
};

// A message, computation or disk access from its start until its callback is called.
struct Activity {
  ActivityCallback done;
  // Rank among the events of an instant: activities started earlier end earlier.
  std::uint64_t sequence = 0;
  double work = 0;   // nanoseconds of an idle core or disk of speed 1; of a message: bytes
  TimerId timer;     // the end, where it is known in advance
  Time since;        // alone: from when on `work` is what was left
  Time through;      // of a message in `direct`: when its last byte has passed its links
  Duration latency;  // of a message in `direct`: of the route when it set out
  HostId from;       // for computations and disk accesses both are the host
  HostId to;
  std::uint32_t generation = 1;
  std::uint32_t next_free = ~std::uint32_t{0};
  ActivityKind kind = ActivityKind::kNone;
  ActivityStage stage = ActivityStage::kRunning;

  bool touches(HostId host) const { return from == host || to == host; }

  // When it ends if nothing shares with it, rounded up to a nanosecond; what a double adds of its
  // own does not count. `work` is left at `since`.
  Time end_alone(double speed) const {
    constexpr double kRounding = 1e-3;
    const double exact = (speed == 1.0 ? work : work / speed) - kRounding;  // a division is slow
    if (exact <= 0) return since;
    if (exact > 4e18) return Time::never();
    const auto whole = static_cast<std::int64_t>(exact);
    return since + Duration::nanoseconds(whole + (static_cast<double>(whole) < exact ? 1 : 0));
  }
  // Books what was done since `since` at this speed.
  void advance(Time now, double speed) {
    work = std::max(0.0, work - static_cast<double>((now - since).count()) * speed);
    since = now;
  }
};

// All activities under way in a kernel. Entries are reused; nothing is allocated in the steady
// state. References stay valid until the next start().
class ActivityTable {
 public:
  ActivityId start(ActivityKind kind, HostId from, HostId to, ActivityCallback done,
                   std::uint64_t sequence) {
    if (first_free_ == kNone) [[unlikely]]
      add();
    const std::uint32_t index = first_free_;
    Activity& entry = entries_[index];
    first_free_ = entry.next_free;
    ++in_use_;
    entry.done = done;
    entry.sequence = sequence;
    entry.from = from;
    entry.to = to;
    entry.timer = {};
    entry.kind = kind;
    entry.stage = ActivityStage::kRunning;
    return {index, entry.generation};
  }

  // Null when the activity has ended or was cancelled.
  Activity* find(ActivityId id) {
    Activity& entry = entries_[id.index];
    return entry.generation == id.generation ? &entry : nullptr;
  }
  Activity& operator[](ActivityId id) { return entries_[id.index]; }

  // Forgets the activity and returns what is to be called.
  ActivityCallback finish(ActivityId id) {
    Activity& entry = entries_[id.index];
    SOUNDCHECK_ASSERT(entry.generation == id.generation, "activity {} ended twice", id.index);
    if (++entry.generation == 0) entry.generation = 1;
    entry.kind = ActivityKind::kNone;
    entry.next_free = first_free_;
    first_free_ = id.index;
    --in_use_;
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

  std::size_t in_use() const { return in_use_; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  [[gnu::cold, gnu::noinline]] void add() {
    first_free_ = static_cast<std::uint32_t>(entries_.size());
    entries_.emplace_back();
  }

  std::vector<Activity> entries_ = std::vector<Activity>(1);  // never empty: see Handle
  std::uint32_t first_free_ = 0;
  std::size_t in_use_ = 0;
};

}  // namespace soundcheck
