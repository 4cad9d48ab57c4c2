#include "reports/recorder/fault_windows.hpp"

#include <algorithm>

namespace soundcheck {

namespace {

std::size_t index_of(FaultWindow window) {
  return static_cast<std::size_t>(window);
}

}  // namespace

WorkTally& WindowTally::of(std::uint32_t type) {
  if (type >= types.size()) types.resize(type + 1);
  return types[type];
}

void WindowTally::merge(const std::vector<WorkTally>& others) {
  for (std::uint32_t type = 0; type < others.size(); ++type) of(type).merge(others[type]);
}

FaultWindow FaultWindows::window_of_all() const {
  if (log_.any_active()) return FaultWindow::kDuring;
  return log_.any_struck() ? FaultWindow::kAfter : FaultWindow::kBefore;
}

void FaultWindows::close_segment(Time at) {
  const Time end = std::min(at, load_end_);
  const Time start = std::max(segment_start_, load_start_);
  const Duration length = end > start ? end - start : Duration();
  for (WorkWindows& windows : work_) {
    const auto add_to = [&](WindowTally& window) {
      window.merge(windows.segment);
      window.length += length;
    };
    add_to(windows.of_all[index_of(window_of_all())]);
    if (log_.calm()) add_to(windows.calm);
    for (std::size_t i = 0; i < after_until_.size(); ++i) {
      const bool active = log_.faults()[i].state == FaultState::kActive;
      if (active) add_to(windows.of_faults[i][index_of(FaultWindow::kDuring)]);
      if (after_until_[i]) add_to(windows.of_faults[i][index_of(FaultWindow::kAfter)]);
    }
    for (std::size_t type = 0; type < windows.segment.size(); ++type)
      windows.segment[type].clear(windows.open_of[type]);
  }
  segment_start_ = at;
}

void FaultWindows::close_after_windows(Time at) {
  while (after_end_ <= at) {
    close_segment(after_end_);
    Time next = Time::never();
    for (std::optional<Time>& until : after_until_) {
      if (until == after_end_) until.reset();
      if (until) next = std::min(next, *until);
    }
    after_end_ = next;
  }
}

// Work that began before the last change: it may have met faults that are over by now.
void FaultWindows::record_spanning(WorkWindows& windows, Time at, std::uint32_t type,
                                   RequestOutcome outcome, Duration duration) {
  const Time started = at - duration;
  const bool met_one = log_.any_active() || (log_.any_struck() && started < log_.last_end());
  const FaultWindow window = met_one ? FaultWindow::kDuring : window_of_all();
  windows.of_all[index_of(window)].of(type).record(outcome, duration);
  if (log_.calm() && !met_one) windows.calm.of(type).record(outcome, duration);
  for (std::size_t i = 0; i < after_until_.size(); ++i) {
    const FaultRecord& fault = log_.faults()[i];
    if (fault.state == FaultState::kActive || started < fault.last_ended) {
      windows.of_faults[i][index_of(FaultWindow::kDuring)].of(type).record(outcome, duration);
    } else if (after_until_[i]) {
      windows.of_faults[i][index_of(FaultWindow::kAfter)].of(type).record(outcome, duration);
    }
  }
}

void FaultWindows::fault_started(Time at, std::int64_t number, NameId kind) {
  close_after_windows(at);
  close_segment(at);
  if (log_.calm()) {
    for (WorkWindows& windows : work_) windows.band.learn(windows.calm.types);
  }
  for (std::optional<Time>& until : after_until_) until.reset();
  after_end_ = Time::never();
  log_.start(at, number, kind, disturbed_until(at));
  normal_ = {};
  if (after_until_.size() == log_.faults().size()) return;
  after_until_.emplace_back();
  for (WorkWindows& windows : work_) {
    windows.of_faults.emplace_back();
    windows.of_faults.back()[index_of(FaultWindow::kBefore)] = windows.calm;
  }
}

void FaultWindows::fault_ended(Time at, std::int64_t number, std::uint64_t effects) {
  close_segment(at);
  log_.end(at, number, effects);
  normal_ = {};
  if (log_.any_active()) return;
  for (std::size_t i = 0; i < after_until_.size(); ++i) {
    if (log_.faults()[i].number != number) continue;
    const auto& before = of(Work::kRequests).of_faults[i][index_of(FaultWindow::kBefore)];
    after_until_[i] = before.length > Duration() ? at + before.length : Time::never();
    after_end_ = std::min(after_end_, *after_until_[i]);
  }
}

SecondVerdict FaultWindows::judge_second() {
  bool normal = false;
  for (std::size_t i = 0; i < kWorks; ++i) {
    const WorkWindows& windows = work_[i];
    SecondOfWork& in_a_row = normal_.work[i];
    in_a_row.add(windows.second);
    const SecondVerdict verdict = windows.band.judge(windows.second, windows.open);
    if (verdict == SecondVerdict::kDisturbed || windows.band.disturbs(in_a_row))
      return SecondVerdict::kDisturbed;
    normal = normal || verdict == SecondVerdict::kNormal;
  }
  return normal ? SecondVerdict::kNormal : SecondVerdict::kQuiet;
}

// Where sagas succeeded before the fault, nothing has recovered before one does so again.
bool FaultWindows::sagas_end_again() const {
  const SecondOfWork& sagas = normal_.work[static_cast<std::size_t>(Work::kSagas)];
  return !of(Work::kSagas).band.any_succeeded() || sagas.ended > sagas.not_ok;
}

void FaultWindows::second_ended(Time at) {
  if (log_.calm()) {
    for (WorkWindows& windows : work_) windows.band.was_open(windows.open);
  } else if (!log_.any_active() && normal_is_known() && at <= load_end_) {
    const SecondVerdict verdict = judge_second();
    if (verdict == SecondVerdict::kDisturbed) normal_ = {};
    if (verdict == SecondVerdict::kNormal && normal_.seconds++ == 0) normal_.since = second_start_;
    if (normal_.seconds >= kNormalSeconds && sagas_end_again()) recover(at);
  }
  for (WorkWindows& windows : work_) windows.second = {};
  second_start_ = at;
}

void FaultWindows::recover(Time at) {
  close_segment(at);
  log_.recover(normal_.since);
  normal_ = {};
}

Time FaultWindows::disturbed_until(Time at) const {
  return normal_.seconds > 0 ? std::min(normal_.since, at) : at;
}

void FaultWindows::load_started(Time at) {
  close_segment(at);
  load_start_ = at;
  loading_ = true;
}

// Who was on the way back to normal when the load ended is taken to have arrived.
void FaultWindows::load_ended(Time at) {
  close_after_windows(at);
  close_segment(at);
  load_end_ = at;
  loading_ = false;
  if (log_.any_active() || !log_.any_recovering()) return;
  if (normal_.seconds > 0 && sagas_end_again()) {
    recover(at);
  } else {
    log_.give_up(at);
  }
}

void FaultWindows::finish(Time at) {
  close_after_windows(at);
  close_segment(at);
  load_end_ = std::min(load_end_, at);
  log_.finish(at);
}

Duration FaultWindows::load() const {
  Duration total;
  for (const WindowTally& window : of(Work::kRequests).of_all) total += window.length;
  return total;
}

bool FaultWindows::normal_is_known() const {
  return std::ranges::any_of(work_,
                             [](const WorkWindows& windows) { return windows.band.known(); });
}

}  // namespace soundcheck
