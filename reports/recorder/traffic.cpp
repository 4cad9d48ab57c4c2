#include "reports/recorder/traffic.hpp"

#include <algorithm>

namespace soundcheck {

namespace {

constexpr std::uint32_t kNoEdge = ~std::uint32_t{0};

}  // namespace

Traffic::Traffic(const ServiceDirectory& directory)
    : directory_(directory),
      services_(directory.services.size()),
      down_since_(directory.of_process.size(), Time::never()),
      edge_of_(directory.services.size() + 1) {}

ServiceTally* Traffic::service_of(ProcessId process) {
  const std::uint32_t service = directory_.service_of(process);
  return service == ServiceDirectory::kNone ? nullptr : &services_[service];
}

EdgeTally& Traffic::edge(ProcessId caller, NameId method) {
  const std::uint32_t service = directory_.service_of(caller);
  auto& row = edge_of_[std::min<std::size_t>(service, services_.size())];
  const std::uint32_t number = methods_.number_of(method);
  if (number >= row.size()) row.resize(number + 1, kNoEdge);
  if (row[number] == kNoEdge) {
    row[number] = static_cast<std::uint32_t>(edges_.size());
    edges_.emplace_back();
    edges_.back().caller = service;
    edges_.back().method = method;
  }
  return edges_[row[number]];
}

void Traffic::call_ended(const Event& event) {
  EdgeTally& tally = edge(event.process, event.name);
  ++tally.calls;
  if (event.code != 0) {
    ++tally.failed;
    ++tally.errors[std::min<std::size_t>(event.code, kErrorKinds - 1)];
  }
  tally.latency.record(Duration::nanoseconds(event.value));
}

void Traffic::call_retried(const Event& event) {
  ++edge(event.process, event.name).retries;
  if (ServiceTally* const caller = service_of(event.process)) ++caller->retries;
}

void Traffic::handler_ended(const Event& event) {
  ServiceTally* const service = service_of(event.process);
  if (service == nullptr) return;
  ++service->handled;
  if (event.code != 0) ++service->failed;
  service->busy += Duration::nanoseconds(event.value);
  service->in_worker.record(Duration::nanoseconds(event.value));
  service->in_queue.record(Duration::nanoseconds(event.extra));
}

void Traffic::calls_repeated(const Event& event) {
  EdgeTally& tally = edge(event.process, event.name);
  const auto times = static_cast<std::uint64_t>(event.extra);
  tally.calls += times;
  tally.latency.record(Duration::nanoseconds(event.value), times);
}

void Traffic::handlers_repeated(const Event& event) {
  ServiceTally* const service = service_of(event.process);
  if (service == nullptr) return;
  const auto times = static_cast<std::uint64_t>(event.extra);
  service->handled += times;
  service->busy += Duration::nanoseconds(event.value) * event.extra;
  service->in_worker.record(Duration::nanoseconds(event.value), times);
  service->in_queue.record(Duration(), times);
}

void Traffic::refused(const Event& event) {
  if (ServiceTally* const service = service_of(event.process)) ++service->refused;
}

void Traffic::transaction_ended(const Event& event) {
  ServiceTally* const service = service_of(event.process);
  if (service == nullptr) return;
  ++service->transactions;
  if (event.code != 0) ++service->failed_transactions;
  service->transaction_wait.record(Duration::nanoseconds(event.extra));
}

void Traffic::commits_lost(const Event& event) {
  if (ServiceTally* const service = service_of(event.process))
    service->commits_lost += static_cast<std::uint64_t>(event.value);
}

void Traffic::process_down(const Event& event) {
  ServiceTally* const service = service_of(event.process);
  if (service == nullptr) return;
  ++(event.code == 0 ? service->crashes : service->host_failures);
  if (service->up > 0) --service->up;
  Time& since = down_since_[event.process.index()];
  since = std::min(since, event.at);
}

void Traffic::process_up(const Event& event) {
  ServiceTally* const service = service_of(event.process);
  if (service == nullptr) return;
  ++service->up;
  Time& since = down_since_[event.process.index()];
  if (since != Time::never()) service->down_time += event.at - since;
  since = Time::never();
}

void Traffic::warning(const Event& event) {
  const std::uint32_t number = warning_texts_.number_of(event.name);
  if (number >= warnings_.size()) warnings_.push_back({event.name, 0});
  ++warnings_[number].count;
}

void Traffic::finish(Time at) {
  for (std::uint32_t i = 0; i < down_since_.size(); ++i) {
    if (down_since_[i] == Time::never()) continue;
    service_of(ProcessId(i))->down_time += at - down_since_[i];
    down_since_[i] = Time::never();
  }
}

}  // namespace soundcheck
