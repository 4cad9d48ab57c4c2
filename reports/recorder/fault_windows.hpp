#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "reports/recorder/fault_log.hpp"
#include "reports/recorder/work_windows.hpp"

namespace soundcheck {

// Sorts work into the windows before, during and after faults: for each fault, and for all faults
// together. What happens between two changes is recorded once, into a segment that is merged where
// it belongs at the next change; so a request costs the same with any number of faults. Says when
// the faults were recovered from, too: when requests and sagas are back to normal.
class FaultWindows {
 public:
  // So many normal seconds in a row, and the system has recovered since the first of them.
  static constexpr std::uint32_t kNormalSeconds = 5;

  void started(Work work, Time at, std::uint32_t type) {
    if (at >= after_end_) close_after_windows(at);
    WorkWindows& windows = work_[static_cast<std::size_t>(work)];
    windows.met(type);
    WorkTally& tally = windows.segment[type];
    ++tally.started;
    tally.most_open = std::max(tally.most_open, ++windows.open_of[type]);
    ++windows.second.started;
    ++windows.open;
  }
  void ended(Work work, Time at, std::uint32_t type, RequestOutcome outcome, Duration duration) {
    if (at >= after_end_) close_after_windows(at);
    WorkWindows& windows = work_[static_cast<std::size_t>(work)];
    windows.met(type);
    if (at - duration >= segment_start_) {
      windows.segment[type].record(outcome, duration);
    } else {
      record_spanning(windows, at, type, outcome, duration);
    }
    if (loading_) windows.segment[type].record_within(outcome);
    if (windows.open > 0) --windows.open;
    if (windows.open_of[type] > 0) --windows.open_of[type];
    ++windows.second.ended;
    if (outcome != RequestOutcome::kOk) {
      ++windows.second.not_ok;
    } else if (windows.band.is_slow(type, duration)) {
      ++windows.second.slow;
    }
  }
  void error(Time at) { log_.error(at); }

  void fault_started(Time at, std::int64_t number, NameId kind);
  void fault_ended(Time at, std::int64_t number, std::uint64_t effects);
  // Call at the end of every second in which something happened, before the events after it.
  void second_ended(Time at);
  // Nothing happened until the whole second `at`.
  void skip_to(Time at) { second_start_ = at; }
  void load_started(Time at);
  void load_ended(Time at);
  void finish(Time at);

  std::uint64_t open(Work work) const { return of(work).open; }
  const FaultLog& log() const { return log_; }
  // By position in log().faults(); complete after finish().
  const std::vector<FaultWindowTallies>& of_faults(Work work) const { return of(work).of_faults; }
  const FaultWindowTallies& of_all_faults(Work work) const { return of(work).of_all; }
  Duration load() const;
  Time load_start() const { return load_start_; }
  Time load_end() const { return load_end_; }  // never, as long as it goes on
  // Whether enough was seen before the last fault to know what normal is.
  bool normal_is_known() const;

 private:
  const WorkWindows& of(Work work) const { return work_[static_cast<std::size_t>(work)]; }
  FaultWindow window_of_all() const;
  void close_segment(Time at);
  void close_after_windows(Time at);  // those that end until then
  void record_spanning(WorkWindows& windows, Time at, std::uint32_t type, RequestOutcome outcome,
                       Duration duration);
  SecondVerdict judge_second();
  bool sagas_end_again() const;
  void recover(Time at);
  Time disturbed_until(Time at) const;

  FaultLog log_;
  std::array<WorkWindows, kWorks> work_;  // by Work
  Time segment_start_;
  // By fault, while its window "after" is open: when it ends; never: with the load.
  std::vector<std::optional<Time>> after_until_;
  Time after_end_ = Time::never();  // the first of them

  // Seconds in which all was well, since the last that was not.
  struct Streak {
    std::uint32_t seconds = 0;
    Time since;
    std::array<SecondOfWork, kWorks> work;
  };
  Streak normal_;
  Time second_start_;
  Time load_start_;
  Time load_end_ = Time::never();
  bool loading_ = true;
};

}  // namespace soundcheck
