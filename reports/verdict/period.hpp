#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reports/recorder/work_windows.hpp"
#include "reports/verdict/check.hpp"
#include "reports/verdict/expectations.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// What became of work in one part of the load, and how checks of it are written.
class PeriodOfWork {
 public:
  explicit PeriodOfWork(Period during) : during_(during) {}

  // `takes` tells the types that are meant.
  template <class Takes>
  void add(const FaultWindowTallies& windows, const Takes& takes) {
    for (std::size_t i = 0; i < kFaultWindows; ++i) {
      if (!covers(static_cast<FaultWindow>(i))) continue;
      length_ += windows[i].length;
      for (std::uint32_t type = 0; type < windows[i].types.size(); ++type) {
        if (takes(type)) tally_.merge(windows[i].types[type]);
      }
    }
  }
  const WorkTally& tally() const { return tally_; }
  Duration length() const { return length_; }

  // "subscribe p99 < 400ms (during faults)". Unknown when there was nothing to measure.
  Check check(std::string_view subject, std::string_view what, const Measured& measured,
              bool any) const;
  Check success(std::string_view subject, std::string_view what,
                const Bound<Percentage>& bound) const;
  Check rate(std::string_view subject, std::string_view what, const Bound<Rate>& bound,
             std::uint64_t ended) const;
  // One for each demand of the goal.
  void check_goal(std::string_view subject, const WorkGoal& goal, std::vector<Check>& checks) const;

 private:
  bool covers(FaultWindow window) const;

  Period during_;
  WorkTally tally_;
  Duration length_;
};

}  // namespace soundcheck
