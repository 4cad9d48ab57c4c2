#include "reports/recorder/traffic.hpp"

#include <algorithm>
#include <utility>

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
  if (number >= row.size() || row[number] == kNoEdge) [[unlikely]]
    add_edge(row, number, {.caller = service, .method = method});
  return edges_[row[number]];
}

[[gnu::noinline]] void Traffic::add_edge(std::vector<std::uint32_t>& row, std::uint32_t number,
                                         EdgeTally edge) {
  if (number >= row.size()) row.resize(number + 1, kNoEdge);
  row[number] = static_cast<std::uint32_t>(edges_.size());
  edges_.push_back(std::move(edge));
}

void Traffic::on(const CallEnded& call) {
  EdgeTally& tally = edge(call.caller, call.method);
  ++tally.calls;
  tally.attempts += call.attempts;
  if (call.error) {
    ++tally.failed;
    ++tally.errors[static_cast<std::size_t>(*call.error)];
  }
  tally.latency.record(call.took);
}

void Traffic::on(const CallRetried& call) {
  ++edge(call.caller, call.method).retries;
  if (ServiceTally* const caller = service_of(call.caller)) ++caller->retries;
}

void Traffic::on(const CallsRepeated& calls) {
  EdgeTally& tally = edge(calls.caller, calls.method);
  tally.calls += calls.times;
  tally.attempts += calls.times;
  tally.latency.record(calls.took, calls.times);
}

Duration Traffic::in_load(Time end, Duration length) const {
  const Time from = std::max(end - length, load_start_);
  const Time to = std::min(end, load_end_);
  return to > from ? to - from : Duration();
}

void Traffic::on(Time at, const HandlerEnded& handler) {
  ServiceTally* const service = service_of(handler.callee);
  if (service == nullptr) return;
  ++service->handled;
  if (handler.error) ++service->failed;
  service->busy += handler.worked;
  service->busy_in_load += in_load(at, handler.worked);
  service->in_worker.record(handler.worked);
  service->in_queue.record(handler.queued);
}

// One after the other until now: what a poll spends on its way is little beside its wait.
void Traffic::on(Time at, const HandlersRepeated& handlers) {
  ServiceTally* const service = service_of(handlers.callee);
  if (service == nullptr) return;
  service->handled += handlers.times;
  const Duration worked = handlers.worked * static_cast<std::int64_t>(handlers.times);
  service->busy += worked;
  service->busy_in_load += in_load(at, worked);
  service->in_worker.record(handlers.worked, handlers.times);
  service->in_queue.record(Duration(), handlers.times);
}

void Traffic::on(const RequestRefused& request) {
  if (ServiceTally* const service = service_of(request.callee)) ++service->refused;
}

void Traffic::on(const RequestAbandoned& request) {
  if (ServiceTally* const service = service_of(request.callee)) ++service->abandoned;
}

void Traffic::on(const TransactionEnded& transaction) {
  ServiceTally* const service = service_of(transaction.client);
  if (service == nullptr) return;
  ++service->transactions;
  if (transaction.error) ++service->failed_transactions;
  service->transaction_wait.record(transaction.waited);
}

void Traffic::on(const CommitsLost& lost) {
  if (ServiceTally* const service = service_of(lost.database))
    service->commits_lost += lost.commits;
}

void Traffic::on(Time at, const ProcessStopped& stopped) {
  ServiceTally* const service = service_of(stopped.process);
  if (service == nullptr) return;
  ++(stopped.cause == DownCause::kCrash ? service->crashes : service->host_failures);
  if (service->up > 0) --service->up;
  Time& since = down_since_[stopped.process.index()];
  since = std::min(since, at);
}

void Traffic::on(Time at, const ProcessStarted& started) {
  ServiceTally* const service = service_of(started.process);
  if (service == nullptr) return;
  ++service->up;
  Time& since = down_since_[started.process.index()];
  if (since != Time::never()) service->down_time += at - since;
  since = Time::never();
}

void Traffic::on(const ServiceWarning& warning) {
  const std::uint32_t number = warning_texts_.number_of(warning.text);
  if (number >= warnings_.size())
    warnings_.push_back({warning.text, warning.kind == WarningKind::kEndless, 0});
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
