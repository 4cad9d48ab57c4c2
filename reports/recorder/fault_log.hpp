#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// One time that a fault struck: from its start to its end, to the recovery that followed.
struct FaultStrike {
  Time started;
  Time ended = Time::never();
  Time first_error = Time::never();  // the first call or request that failed after the start
  Time recovered = Time::never();    // work is back in the band of before
  // The longest time that it had to recover in, with no fault active, until it did, or until
  // something else struck: what a following fault does is not charged to the one before.
  Duration recovering;
  bool overlapped = false;  // another fault was active or not yet recovered from
};

enum class FaultState : std::uint8_t {
  kNotYet,      // never struck so far
  kActive,      // strikes now
  kRecovering,  // ended, its effects may last
  kOver,        // recovered from; may strike again
};

// One fault of the scenario and all its strikes.
struct FaultRecord {
  std::int64_t number = 0;  // as the scenario counts its faults
  NameId kind;
  FaultState state = FaultState::kNotYet;
  std::uint32_t active = 0;  // strikes going on at once (several replicas)
  std::uint64_t strikes = 0;
  std::uint64_t effective = 0;  // strikes that changed anything, whether or not anybody noticed
  Time first_started = Time::never();
  Time last_ended;
  Duration active_time;               // with at least one strike going on
  std::vector<FaultStrike> episodes;  // the first kKeptEpisodes of them; strikes at once are one
  std::uint64_t episode_count = 0;
  FaultStrike current;

  // Over all episodes, also those not kept.
  std::uint64_t noticed = 0;  // an error followed before the recovery
  std::uint64_t recovered = 0;
  std::uint64_t struck_again = 0;  // before it was recovered from: the next episode goes on
  Duration worst_detection;        // from the start to the first error
  Duration worst_recovery;         // of the episodes that were recovered from
  Duration longest_recovering;     // of all episodes

  // The load ended, or the fault did not, before a recovery could be seen.
  std::uint64_t open_ended() const { return episode_count - recovered - struck_again; }
};

// Keeps the times of faults. Those that overlap, or follow one another before a recovery, recover
// together, and their recovery counts from the end of the last of them. Memory: bounded for each
// fault of the scenario.
class FaultLog {
 public:
  static constexpr std::size_t kKeptEpisodes = 100;

  // Work had not been back to normal before `disturbed_until`, if there was anything to recover
  // from.
  void start(Time at, std::int64_t number, NameId kind, Time disturbed_until);
  // `effects`: how often the world differed for this strike.
  void end(Time at, std::int64_t number, std::uint64_t effects);
  // Work is back to normal since `since`.
  void recover(Time since);
  // The load has ended before that.
  void give_up(Time at);
  void error(Time at) {
    if (awaiting_error_ > 0) note_error(at);
  }
  // Closes what is still open, at the end of the run.
  void finish(Time at);

  const std::vector<FaultRecord>& faults() const { return faults_; }
  bool any_active() const { return active_ > 0; }
  // No fault is active and none is waited for to be recovered from.
  bool calm() const { return active_ == 0 && recovering_ == 0; }
  bool any_recovering() const { return recovering_ > 0; }
  bool any_struck() const { return !faults_.empty(); }
  Time last_end() const { return last_end_; }  // of any fault; time 0 when none has ended

 private:
  FaultRecord& record_of(std::int64_t number, NameId kind);
  void note_error(Time at);
  void watch_recovery(Time until);
  void close_episode(FaultRecord& fault);

  std::vector<FaultRecord> faults_;  // in the order of their first strikes
  std::uint32_t active_ = 0;
  std::uint32_t recovering_ = 0;
  std::uint32_t awaiting_error_ = 0;
  Time last_end_;
};

}  // namespace soundcheck
