#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "reports/recorder/fault_log.hpp"
#include "reports/recorder/recovery_band.hpp"
#include "reports/recorder/request_tally.hpp"

namespace soundcheck {

// Seen from a fault. A request belongs to "during" if any part of its life fell into the time in
// which the fault was active, so that one that ran into it is counted there wherever it ended.
enum class FaultWindow : std::uint8_t {
  kBefore,  // nothing was wrong: no fault active, all earlier ones recovered from
  kDuring,  // the fault was active
  kAfter    // from its end until requests were back to normal for kNormalSeconds
};
inline constexpr std::size_t kFaultWindows = 3;

// Requests by type, and the time in which they were observed (load only: settling is no load).
struct WindowTally {
  std::vector<RequestTally> types;
  Duration length;

  void merge(const std::vector<RequestTally>& others);
  RequestTally& of(std::uint32_t type);
};
using FaultWindowTallies = std::array<WindowTally, kFaultWindows>;

// Sorts requests into the windows before, during and after faults: for each fault, and for all
// faults together ("during": any active; "after": none active, some have been). What happens
// between two changes is recorded once, into a segment that is merged where it belongs at the next
// change; so a request costs the same with any number of faults.
class RequestWindows {
 public:
  // So many normal seconds in a row, and requests have recovered since the first of them.
  static constexpr std::uint32_t kNormalSeconds = 5;

  void request_started(std::uint32_t type) {
    if (type >= segment_.size()) segment_.resize(type + 1);
    ++segment_[type].started;
    ++second_.started;
    ++open_;
  }
  void request_ended(Time at, std::uint32_t type, RequestOutcome outcome, Duration duration) {
    if (type >= segment_.size()) segment_.resize(type + 1);
    if (at - duration >= segment_start_) {
      segment_[type].record(outcome, duration);
    } else {
      record_spanning(at, type, outcome, duration);
    }
    if (open_ > 0) --open_;
    ++second_.ended;
    if (outcome != RequestOutcome::kOk) {
      ++second_.not_ok;
    } else if (band_.is_slow(type, duration)) {
      ++second_.slow;
    }
  }
  void error(Time at) { log_.error(at); }

  void fault_started(Time at, std::int64_t number, NameId kind);
  void fault_ended(Time at, std::int64_t number);
  // Call at the end of every second in which something happened, before the events after it.
  void second_ended(Time at);
  // Nothing happened until the whole second `at`.
  void skip_to(Time at) { second_start_ = at; }
  void load_started(Time at);
  void load_ended(Time at);
  void finish(Time at);

  std::uint64_t open() const { return open_; }
  const FaultLog& log() const { return log_; }
  // By position in log().faults(); complete after finish().
  const std::vector<FaultWindowTallies>& of_faults() const { return of_faults_; }
  const FaultWindowTallies& of_all_faults() const { return of_all_; }
  Duration load() const;
  Time load_end() const { return load_end_; }  // never, as long as it goes on
  // Whether enough was seen before the last fault to know what normal is.
  bool normal_is_known() const { return band_.known(); }

 private:
  FaultWindow window_of_all() const;
  void close_segment(Time at);
  void record_spanning(Time at, std::uint32_t type, RequestOutcome outcome, Duration duration);
  void recover(Time at, std::size_t fault);

  FaultLog log_;
  RecoveryBand band_;
  std::vector<RequestTally> segment_;  // since the last change, by type
  Time segment_start_;
  WindowTally calm_;
  FaultWindowTallies of_all_;
  std::vector<FaultWindowTallies> of_faults_;

  struct Streak {
    std::uint32_t seconds = 0;
    Time since;
  };
  std::vector<Streak> normal_;  // by fault
  SecondOfRequests second_;
  Time second_start_;
  std::uint64_t open_ = 0;
  Time load_start_;
  Time load_end_ = Time::never();
};

}  // namespace soundcheck
