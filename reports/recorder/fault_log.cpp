#include "reports/recorder/fault_log.hpp"

#include <algorithm>

namespace soundcheck {

FaultRecord& FaultLog::record_of(std::int64_t number, NameId kind) {
  for (FaultRecord& fault : faults_) {
    if (fault.number == number) return fault;
  }
  FaultRecord fault;
  fault.number = number;
  fault.kind = kind;
  faults_.push_back(std::move(fault));
  return faults_.back();
}

void FaultLog::start(Time at, std::int64_t number, NameId kind, Time disturbed_until) {
  watch_recovery(disturbed_until);
  FaultRecord& fault = record_of(number, kind);
  ++fault.strikes;
  if (fault.active++ > 0) return;  // more of the same: one episode
  if (fault.state == FaultState::kRecovering) {
    --recovering_;
    ++fault.struck_again;
    close_episode(fault);
  }
  fault.state = FaultState::kActive;
  if (fault.first_started == Time::never()) fault.first_started = at;
  fault.current = {.started = at, .overlapped = !calm()};
  for (FaultRecord& other : faults_) {
    const bool open = other.state == FaultState::kActive || other.state == FaultState::kRecovering;
    if (&other != &fault && open) other.current.overlapped = true;
  }
  ++active_;
  ++awaiting_error_;
}

void FaultLog::end(Time at, std::int64_t number, std::uint64_t effects) {
  const auto found = std::ranges::find(faults_, number, &FaultRecord::number);
  if (found == faults_.end() || found->active == 0) return;
  if (effects > 0) ++found->effective;
  if (--found->active > 0) return;
  found->state = FaultState::kRecovering;
  found->last_ended = at;
  found->current.ended = at;
  found->active_time += at - found->current.started;
  last_end_ = at;
  --active_;
  ++recovering_;
}

void FaultLog::watch_recovery(Time until) {
  if (active_ > 0 || recovering_ == 0) return;
  const Duration time = until > last_end_ ? until - last_end_ : Duration();
  for (FaultRecord& fault : faults_) {
    if (fault.state == FaultState::kRecovering)
      fault.current.recovering = std::max(fault.current.recovering, time);
  }
}

void FaultLog::recover(Time since) {
  watch_recovery(since);
  for (FaultRecord& fault : faults_) {
    if (fault.state != FaultState::kRecovering) continue;
    fault.state = FaultState::kOver;
    fault.current.recovered = std::max(since, last_end_);
    --recovering_;
    close_episode(fault);
  }
}

void FaultLog::give_up(Time at) {
  watch_recovery(at);
}

void FaultLog::note_error(Time at) {
  for (FaultRecord& fault : faults_) {
    const bool open = fault.state == FaultState::kActive || fault.state == FaultState::kRecovering;
    if (!open || fault.current.first_error != Time::never()) continue;
    fault.current.first_error = at;
    --awaiting_error_;
  }
}

void FaultLog::close_episode(FaultRecord& fault) {
  const FaultStrike& strike = fault.current;
  if (strike.first_error != Time::never()) {
    ++fault.noticed;
    fault.worst_detection = std::max(fault.worst_detection, strike.first_error - strike.started);
  } else {
    --awaiting_error_;
  }
  if (strike.recovered != Time::never()) {
    ++fault.recovered;
    fault.worst_recovery = std::max(fault.worst_recovery, strike.recovering);
  }
  fault.longest_recovering = std::max(fault.longest_recovering, strike.recovering);
  ++fault.episode_count;
  if (fault.episodes.size() < kKeptEpisodes) fault.episodes.push_back(strike);
}

void FaultLog::finish(Time at) {
  for (FaultRecord& fault : faults_) {
    if (fault.state == FaultState::kActive) {
      fault.active = 1;
      end(at, fault.number, 0);
      fault.current.ended = Time::never();  // it was never healed
      fault.last_ended = Time::never();
    }
    if (fault.state != FaultState::kRecovering) continue;
    fault.state = FaultState::kOver;
    --recovering_;
    close_episode(fault);
  }
}

}  // namespace soundcheck
