#pragma once

#include <cstdint>

#include "reports/latency/histogram.hpp"
#include "sim/events/event.hpp"

namespace soundcheck {

// What became of requests. `latency` is that of the requests that succeeded: a failure that comes
// quickly must not make a service look fast, and one that takes long is counted as a failure
// already.
struct RequestTally {
  std::uint64_t started = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;
  Histogram latency;
  Duration slowest_failure;  // of failed and unknown ones

  std::uint64_t ended() const { return ok + failed + unknown; }
  // Share of the ended requests that succeeded; 1 when none has ended.
  double success() const {
    return ended() == 0 ? 1 : static_cast<double>(ok) / static_cast<double>(ended());
  }
  void record(RequestOutcome outcome, Duration duration) {
    if (outcome == RequestOutcome::kOk) {
      ++ok;
      latency.record(duration);
      return;
    }
    ++(outcome == RequestOutcome::kFailed ? failed : unknown);
    if (slowest_failure < duration) slowest_failure = duration;
  }
  void merge(const RequestTally& other);
  void clear();
};

}  // namespace soundcheck
