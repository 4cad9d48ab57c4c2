#include "reports/recorder/series.hpp"

#include <algorithm>
#include <cstddef>

namespace soundcheck {

namespace {

void add_to(RunPoint& to, const RunPoint& from) {
  to.open_requests = std::max(to.open_requests, from.open_requests);
  to.open_sagas = std::max(to.open_sagas, from.open_sagas);
  to.active_faults = std::max(to.active_faults, from.active_faults);
}

void add_to(RequestPoint& to, const RequestPoint& from) {
  to.started += from.started;
  to.ok += from.ok;
  to.failed += from.failed;
  to.unknown += from.unknown;
  to.p50 = std::max(to.p50, from.p50);
  to.p95 = std::max(to.p95, from.p95);
  to.p99 = std::max(to.p99, from.p99);
  to.maximum = std::max(to.maximum, from.maximum);
}

void add_to(ServicePoint& to, const ServicePoint& from) {
  to.handled += from.handled;
  to.failed += from.failed;
  to.refused += from.refused;
  to.retries += from.retries;
  to.up = std::min(to.up, from.up);  // of replicas the fewest: that is the spike
  to.busy += from.busy;
  to.queued += from.queued;
  to.longest_queued = std::max(to.longest_queued, from.longest_queued);
}

bool empty(const ServicePoint& point) {
  return point.handled == 0 && point.refused == 0 && point.retries == 0;
}

// Joins the rows that fall into one step: `step_of` gives the new step of each old one.
template <class Point>
void join_steps(std::vector<Point>& rows, const std::vector<std::size_t>& step_of) {
  if (rows.empty()) return;
  std::vector<Point> joined;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (step_of[i] == joined.size()) {
      joined.push_back(rows[i]);
    } else {
      add_to(joined.back(), rows[i]);
    }
  }
  rows = std::move(joined);
}

}  // namespace

Series::Series(std::size_t services, std::size_t most_steps)
    : most_steps_(most_steps), services_(services), service_rows_(services) {}

RequestPoint Series::take(CurrentRequest& current) {
  RequestPoint point = current.point;
  point.p50 = current.latency.quantile(0.50).count();
  point.p95 = current.latency.quantile(0.95).count();
  point.p99 = current.latency.quantile(0.99).count();
  point.maximum = current.latency.maximum().count();
  current.point = {};
  current.latency.clear();
  return point;
}

void Series::append(const RunPoint& run) {
  const std::int64_t step = run.second / step_seconds_;
  const bool same_step = !run_.empty() && run_.back().second / step_seconds_ == step;
  if (same_step) {
    add_to(run_.back(), run);
  } else {
    run_.push_back(run);
    run_.back().second = step * step_seconds_;
  }
}

void Series::second_ended(const RunPoint& run) {
  touched_ = touched_ || !std::ranges::all_of(services_, empty);
  if (!touched_) return;
  touched_ = false;

  append(run);
  const std::size_t steps = run_.size();
  request_rows_.resize(requests_.size());
  for (std::size_t type = 0; type < requests_.size(); ++type) {
    auto& rows = request_rows_[type];
    const bool same_step = rows.size() == steps;
    const RequestPoint point = take(requests_[type]);
    rows.resize(steps);
    same_step ? add_to(rows.back(), point) : void(rows.back() = point);
  }
  for (std::size_t service = 0; service < services_.size(); ++service) {
    auto& rows = service_rows_[service];
    ServicePoint& point = services_[service];
    if (rows.empty() && empty(point)) continue;
    if (rows.empty()) rows.resize(steps - 1, {.up = point.up});
    const bool same_step = rows.size() == steps;
    rows.resize(steps);
    same_step ? add_to(rows.back(), point) : void(rows.back() = point);
    point = {.up = point.up};
  }
  while (run_.size() > most_steps_) widen();
}

// Time in a worker that began before the current second.
void Series::book_back(std::uint32_t service, Time from, Time to) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  services_[service].busy += std::max(Duration(), to - second_start_).count();
  const std::int64_t end = std::min(to, second_start_).count();
  while ((end - from.count()) / kSecond / step_seconds_ > static_cast<std::int64_t>(most_steps_))
    widen();
  for (std::int64_t at = from.count(); at < end;) {
    const std::int64_t step = step_seconds_ * kSecond;
    const std::int64_t next = std::min((at / step + 1) * step, end);
    const std::size_t row = row_of(at / step * step_seconds_);
    auto& rows = service_rows_[service];
    while (rows.size() < run_.size()) rows.push_back({.up = services_[service].up});
    rows[row].busy += next - at;
    at = next;
  }
}

// The row of the step that begins there; a new one where nothing else happened.
std::size_t Series::row_of(std::int64_t second) {
  const auto found = std::ranges::lower_bound(run_, second, {}, &RunPoint::second);
  const auto row = static_cast<std::size_t>(found - run_.begin());
  if (found != run_.end() && found->second == second) return row;
  RunPoint point = row == 0 ? RunPoint() : run_[row - 1];
  point.second = second;
  run_.insert(found, point);
  const auto insert = [row](auto& rows, auto fill) {
    if (rows.size() >= row && !rows.empty())
      rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(row), fill);
  };
  for (auto& rows : request_rows_) insert(rows, RequestPoint());
  for (auto& rows : service_rows_) {
    const std::uint32_t up = row > 0 && row <= rows.size() ? rows[row - 1].up : 0;
    insert(rows, ServicePoint{.up = up});
  }
  return row;
}

void Series::widen() {
  step_seconds_ *= 2;
  std::vector<std::size_t> step_of;
  std::size_t step = 0;
  for (std::size_t i = 0; i < run_.size(); ++i) {
    if (i > 0 && run_[i].second / step_seconds_ != run_[i - 1].second / step_seconds_) ++step;
    step_of.push_back(step);
  }
  join_steps(run_, step_of);
  for (RunPoint& point : run_) point.second -= point.second % step_seconds_;
  for (auto& rows : request_rows_) join_steps(rows, step_of);
  for (auto& rows : service_rows_) join_steps(rows, step_of);
}

}  // namespace soundcheck
