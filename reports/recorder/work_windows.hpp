#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/recorder/recovery_band.hpp"
#include "reports/recorder/work_tally.hpp"

namespace soundcheck {

// Seen from a fault. Work belongs to "during" if any part of its life fell into the time in which
// the fault was active, so that what ran into it is counted there wherever it ended.
enum class FaultWindow : std::uint8_t {
  kBefore,  // nothing was wrong: no fault active, all earlier ones recovered from
  kDuring,  // the fault was active
  kAfter    // from its end for as long as "before" was, unless something strikes meanwhile
};
inline constexpr std::size_t kFaultWindows = 3;

// Work by type, and the time in which it was observed (load only: settling is no load).
struct WindowTally {
  std::vector<WorkTally> types;
  Duration length;

  void merge(const std::vector<WorkTally>& others);
  WorkTally& of(std::uint32_t type);
};
using FaultWindowTallies = std::array<WindowTally, kFaultWindows>;

// What is told apart: the answers that clients get, and sagas from end to end, which go on when
// clients have long been told "accepted".
enum class Work : std::uint8_t { kRequests, kSagas };
inline constexpr std::size_t kWorks = 2;

// One kind of work, sorted into windows by FaultWindows.
struct WorkWindows {
  std::vector<WorkTally> segment;      // since the last change, by type
  std::vector<std::uint32_t> open_of;  // by type
  WindowTally calm;                    // nothing was wrong
  FaultWindowTallies of_all;           // "during": any fault active; "after": none, some have been
  std::vector<FaultWindowTallies> of_faults;  // by position in the fault log
  RecoveryBand band;
  SecondOfWork second;
  std::uint64_t open = 0;

  void met(std::uint32_t type) {
    if (type < segment.size()) return;
    segment.resize(type + 1);
    open_of.resize(type + 1);
  }
};

}  // namespace soundcheck
