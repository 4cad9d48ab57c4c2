#include "reports/recorder/request_windows.hpp"

#include <algorithm>

namespace soundcheck {

namespace {

std::size_t index_of(FaultWindow window) {
  return static_cast<std::size_t>(window);
}

}  // namespace

RequestTally& WindowTally::of(std::uint32_t type) {
  if (type >= types.size()) types.resize(type + 1);
  return types[type];
}

void WindowTally::merge(const std::vector<RequestTally>& others) {
  for (std::uint32_t type = 0; type < others.size(); ++type) of(type).merge(others[type]);
}

FaultWindow RequestWindows::window_of_all() const {
  if (log_.any_active()) return FaultWindow::kDuring;
  return log_.any_struck() ? FaultWindow::kAfter : FaultWindow::kBefore;
}

void RequestWindows::close_segment(Time at) {
  const Time end = std::min(at, load_end_);
  const Time start = std::max(segment_start_, load_start_);
  const Duration length = end > start ? end - start : Duration();
  const auto add_to = [&](WindowTally& window) {
    window.merge(segment_);
    window.length += length;
  };
  add_to(of_all_[index_of(window_of_all())]);
  if (log_.calm()) add_to(calm_);
  for (std::size_t i = 0; i < of_faults_.size(); ++i) {
    const FaultState state = log_.faults()[i].state;
    if (state == FaultState::kActive) add_to(of_faults_[i][index_of(FaultWindow::kDuring)]);
    if (state == FaultState::kRecovering) add_to(of_faults_[i][index_of(FaultWindow::kAfter)]);
  }
  for (RequestTally& tally : segment_) tally.clear();
  segment_start_ = at;
}

// A request that began before the last change: it may have met faults that are over by now.
void RequestWindows::record_spanning(Time at, std::uint32_t type, RequestOutcome outcome,
                                     Duration duration) {
  const Time started = at - duration;
  const bool met_one = log_.any_active() || (log_.any_struck() && started < log_.last_end());
  const FaultWindow window = met_one ? FaultWindow::kDuring : window_of_all();
  of_all_[index_of(window)].of(type).record(outcome, duration);
  if (log_.calm() && !met_one) calm_.of(type).record(outcome, duration);
  for (std::size_t i = 0; i < of_faults_.size(); ++i) {
    const FaultRecord& fault = log_.faults()[i];
    if (fault.state == FaultState::kActive || started < fault.last_ended) {
      of_faults_[i][index_of(FaultWindow::kDuring)].of(type).record(outcome, duration);
    } else if (fault.state == FaultState::kRecovering) {
      of_faults_[i][index_of(FaultWindow::kAfter)].of(type).record(outcome, duration);
    }
  }
}

void RequestWindows::fault_started(Time at, std::int64_t number, NameId kind) {
  close_segment(at);
  if (log_.calm()) band_.learn(calm_.types);
  log_.start(at, number, kind);
  if (of_faults_.size() < log_.faults().size()) {
    of_faults_.emplace_back();
    of_faults_.back()[index_of(FaultWindow::kBefore)] = calm_;
    normal_.emplace_back();
  }
}

void RequestWindows::fault_ended(Time at, std::int64_t number) {
  close_segment(at);
  log_.end(at, number);
  for (std::size_t i = 0; i < normal_.size(); ++i) {
    if (log_.faults()[i].number == number) normal_[i] = {};
  }
}

void RequestWindows::second_ended(Time at) {
  if (log_.any_recovering() && band_.known() && at <= load_end_) {
    const SecondVerdict verdict = band_.judge(second_, open_);
    for (std::size_t i = 0; i < normal_.size(); ++i) {
      if (log_.faults()[i].state != FaultState::kRecovering) continue;
      if (verdict == SecondVerdict::kDisturbed) normal_[i] = {};
      if (verdict != SecondVerdict::kNormal) continue;
      if (normal_[i].seconds++ == 0) normal_[i].since = second_start_;
      if (normal_[i].seconds >= kNormalSeconds) recover(at, i);
    }
  }
  second_ = {};
  second_start_ = at;
}

void RequestWindows::recover(Time at, std::size_t fault) {
  close_segment(at);
  log_.recover(fault, normal_[fault].since);
}

void RequestWindows::load_started(Time at) {
  close_segment(at);
  load_start_ = at;
}

// Who was on the way back to normal when the load ended is taken to have arrived.
void RequestWindows::load_ended(Time at) {
  close_segment(at);
  load_end_ = at;
  for (std::size_t i = 0; i < normal_.size(); ++i) {
    const bool recovering = log_.faults()[i].state == FaultState::kRecovering;
    if (recovering && normal_[i].seconds > 0) recover(at, i);
  }
}

void RequestWindows::finish(Time at) {
  close_segment(at);
  load_end_ = std::min(load_end_, at);
  log_.finish(at);
}

Duration RequestWindows::load() const {
  Duration total;
  for (const WindowTally& window : of_all_) total += window.length;
  return total;
}

}  // namespace soundcheck
