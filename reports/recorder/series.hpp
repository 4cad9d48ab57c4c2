#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/latency/histogram.hpp"
#include "reports/recorder/service_directory.hpp"
#include "sim/events/event.hpp"

namespace soundcheck {

// One step of a run as a whole. Gauges are those of the step's end.
struct RunPoint {
  std::int64_t second = 0;  // at which the step began
  std::uint64_t open_requests = 0;
  std::uint64_t open_sagas = 0;
  std::uint32_t active_faults = 0;
};

// One step of a request type; latencies in nanoseconds, of requests that succeeded.
struct RequestPoint {
  std::uint32_t started = 0;
  std::uint32_t ok = 0;
  std::uint32_t failed = 0;
  std::uint32_t unknown = 0;
  std::int64_t p50 = 0;
  std::int64_t p95 = 0;
  std::int64_t p99 = 0;
  std::int64_t maximum = 0;
};

// One step of a service. Handlers and what they waited for are counted in the step in which they
// ended, the time in workers in the steps in which it was spent: it is never more than there are
// workers.
struct ServicePoint {
  std::uint32_t handled = 0;
  std::uint32_t failed = 0;
  std::uint32_t refused = 0;
  std::uint32_t retries = 0;
  std::uint32_t up = 0;  // replicas running at the end
  std::int64_t busy = 0;
  std::int64_t queued = 0;
  std::int64_t longest_queued = 0;
};

// The run over time, a step a second. Steps in which nothing at all happened are left out. A run of
// more than kMostSteps other seconds gets steps of 2, 4, 8, ... seconds; then counts are added up,
// and of percentiles, gauges and maxima the largest is kept, so that no spike disappears.
class Series {
 public:
  static constexpr std::size_t kMostSteps = 20'000;

  explicit Series(std::size_t services, std::size_t most_steps = kMostSteps);

  void request_started(std::uint32_t type) { ++request(type).point.started; }
  void request_ended(std::uint32_t type, RequestOutcome outcome, Duration duration) {
    CurrentRequest& current = request(type);
    switch (outcome) {
      case RequestOutcome::kOk:
        ++current.point.ok;
        current.latency.record(duration);
        break;
      case RequestOutcome::kFailed:
        ++current.point.failed;
        break;
      case RequestOutcome::kUnknown:
        ++current.point.unknown;
        break;
    }
  }
  void handler_ended(Time at, std::uint32_t service, bool failed, Duration worked,
                     Duration queued) {
    ServicePoint& point = services_[service];
    ++point.handled;
    point.failed += failed ? 1 : 0;
    if (at - worked >= second_start_)
      point.busy += worked.count();
    else
      book_back(service, at - worked, at);
    point.queued += queued.count();
    point.longest_queued = std::max(point.longest_queued, queued.count());
  }
  void refused(std::uint32_t service) { ++services_[service].refused; }
  void retried(std::uint32_t service) { ++services_[service].retries; }
  void set_up(std::uint32_t service, std::uint32_t replicas) { services_[service].up = replicas; }
  // Something worth a row happened that is not counted here: a fault, a crash, a saga step.
  void touch() { touched_ = true; }

  // Ends the second that began at run.second; call it for every second in which events were, and
  // then tell when the next of them begins.
  void second_ended(const RunPoint& run);
  void begin_second(Time start) { second_start_ = start; }

  std::int64_t step_seconds() const { return step_seconds_; }
  const std::vector<RunPoint>& run() const { return run_; }
  // By request type or service, then by step; empty for a service that did nothing.
  const std::vector<std::vector<RequestPoint>>& requests() const { return request_rows_; }
  const std::vector<std::vector<ServicePoint>>& services() const { return service_rows_; }

 private:
  struct CurrentRequest {
    RequestPoint point;
    Histogram latency;
  };
  CurrentRequest& request(std::uint32_t type) {
    touched_ = true;
    if (type >= requests_.size()) requests_.resize(type + 1);
    return requests_[type];
  }
  RequestPoint take(CurrentRequest& current);
  void append(const RunPoint& run);
  void book_back(std::uint32_t service, Time from, Time to);
  std::size_t row_of(std::int64_t second);
  void widen();

  std::size_t most_steps_;
  std::int64_t step_seconds_ = 1;
  Time second_start_;  // of the current one
  std::vector<CurrentRequest> requests_;
  std::vector<ServicePoint> services_;
  std::vector<RunPoint> run_;
  std::vector<std::vector<RequestPoint>> request_rows_;
  std::vector<std::vector<ServicePoint>> service_rows_;
  bool touched_ = false;
};

}  // namespace soundcheck
