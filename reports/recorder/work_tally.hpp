#pragma once

#include <cstdint>

#include "reports/latency/histogram.hpp"
#include "sim/events/event.hpp"

namespace soundcheck {

// What became of work of one type in one window: of requests, or of sagas from end to end.
// `latency` is that of work that succeeded: a failure that comes quickly must not make a service
// look fast, and one that takes long is counted as a failure already.
//
// The outcomes belong to the window that the work met, wherever it ended; a rate counts what ended
// while the window lasted, whatever it met: otherwise a short window could do more work a second
// than there are workers.
struct WorkTally {
  std::uint64_t started = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;  // the client cannot tell; a saga had not ended when the run did
  Histogram latency;
  Duration slowest_failure;        // of failed and unknown ones
  std::uint64_t ended_within = 0;  // while the window lasted
  std::uint64_t ok_within = 0;
  std::uint32_t most_open = 0;  // at once, while the window lasted

  std::uint64_t ended() const { return ok + failed + unknown; }
  // Share of the ended work that succeeded; 1 when none has ended.
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
  void record_within(RequestOutcome outcome) {
    ++ended_within;
    ok_within += outcome == RequestOutcome::kOk ? 1 : 0;
  }
  void merge(const WorkTally& other);
  // For a window that begins while so much is open.
  void clear(std::uint32_t open = 0);
};

}  // namespace soundcheck
