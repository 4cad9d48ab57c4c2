#include "reports/recorder/run_recorder.hpp"

#include <optional>
#include <utility>

#include "reports/ledger/ledger.hpp"
#include "sim/core/error_code.hpp"

namespace soundcheck {

RunRecorder::RunRecorder(EventStream& events, ServiceDirectory directory, const Ledger* ledger)
    : names_(events.names()),
      ledger_(ledger),
      directory_(std::move(directory)),
      traffic_(directory_),
      workflows_(events),
      series_(directory_.services.size()) {
  events.listen(*this,
                {EventKind::kPhaseStarted, EventKind::kRequestStarted, EventKind::kRequestEnded,
                 EventKind::kCallEnded, EventKind::kCallRetried, EventKind::kHandlerEnded,
                 EventKind::kRequestRefused, EventKind::kProcessStopped, EventKind::kProcessStarted,
                 EventKind::kFaultStarted, EventKind::kFaultEnded, EventKind::kCommitsLost,
                 EventKind::kTransactionEnded, EventKind::kSagaStep, EventKind::kServiceWarning,
                 EventKind::kCallsRepeated, EventKind::kHandlersRepeated});
}

namespace {

bool is_symptom(std::optional<ErrorCode> error) {
  return error && !is_rejection(*error);
}

}  // namespace

void RunRecorder::begin_second(Time at) {
  series_.second_ended({.second = second_end_.count() / 1'000'000'000 - 1,
                        .open_requests = requests_.open(),
                        .open_sagas = ledger_ != nullptr ? ledger_->open_sagas() : 0,
                        .active_faults = active_strikes_});
  requests_.second_ended(second_end_);
  // Seconds without events say nothing new: they are skipped together.
  second_end_ = Time::from_nanoseconds((at.count() / 1'000'000'000 + 1) * 1'000'000'000);
  requests_.skip_to(second_end_ - Duration::seconds(1));
}

void RunRecorder::on_event(const Event& event) {
  if (event.at >= second_end_) begin_second(event.at);
  switch (event.kind) {
    case EventKind::kRequestStarted:
      return on(event.as<RequestStarted>());
    case EventKind::kRequestEnded:
      return on(event.at, event.as<RequestEnded>());
    case EventKind::kCallEnded:
      return on(event.at, event.as<CallEnded>());
    case EventKind::kCallRetried:
      return on(event.at, event.as<CallRetried>());
    case EventKind::kHandlerEnded:
      return on(event.as<HandlerEnded>());
    case EventKind::kCallsRepeated:
      return traffic_.on(event.as<CallsRepeated>());
    case EventKind::kHandlersRepeated:
      return traffic_.on(event.as<HandlersRepeated>());
    case EventKind::kRequestRefused:
      return on(event.as<RequestRefused>());
    case EventKind::kTransactionEnded:
      return on(event.at, event.as<TransactionEnded>());
    default:
      on_rare_event(event);
  }
}

void RunRecorder::on_rare_event(const Event& event) {
  series_.touch();
  switch (event.kind) {
    case EventKind::kPhaseStarted:
      return on(event.at, event.as<PhaseStarted>());
    case EventKind::kFaultStarted: {
      const auto fault = event.as<FaultStarted>();
      ++active_strikes_;
      return requests_.fault_started(event.at, fault.number, fault.fault_kind);
    }
    case EventKind::kFaultEnded:
      if (active_strikes_ > 0) --active_strikes_;
      return requests_.fault_ended(event.at, event.as<FaultEnded>().number);
    case EventKind::kProcessStopped: {
      const auto stopped = event.as<ProcessStopped>();
      traffic_.on(event.at, stopped);
      return show_replicas(stopped.process);
    }
    case EventKind::kProcessStarted: {
      const auto started = event.as<ProcessStarted>();
      traffic_.on(event.at, started);
      return show_replicas(started.process);
    }
    case EventKind::kCommitsLost:
      return traffic_.on(event.as<CommitsLost>());
    case EventKind::kServiceWarning:
      return traffic_.on(event.as<ServiceWarning>());
    default:
      break;  // a saga step: worth a row, counted by the ledger
  }
}

void RunRecorder::on(const RequestStarted& request) {
  const std::uint32_t type = types_.number_of(request.type);
  ++started_;
  requests_.request_started(type);
  series_.request_started(type);
}

void RunRecorder::on(Time at, const RequestEnded& request) {
  const std::uint32_t type = types_.number_of(request.type);
  ++ended_;
  if (is_symptom(request.error)) requests_.error(at);
  requests_.request_ended(at, type, request.outcome, request.took);
  series_.request_ended(type, request.outcome, request.took);
}

void RunRecorder::on(Time at, const CallEnded& call) {
  if (is_symptom(call.error)) requests_.error(at);
  traffic_.on(call);
}

void RunRecorder::on(Time at, const CallRetried& call) {
  requests_.error(at);
  traffic_.on(call);
  const std::uint32_t service = directory_.service_of(call.caller);
  if (service != ServiceDirectory::kNone) series_.retried(service);
}

void RunRecorder::on(const HandlerEnded& handler) {
  traffic_.on(handler);
  const std::uint32_t service = directory_.service_of(handler.callee);
  if (service != ServiceDirectory::kNone)
    series_.handler_ended(service, handler.error.has_value(), handler.worked, handler.queued);
}

void RunRecorder::on(const RequestRefused& request) {
  traffic_.on(request);
  const std::uint32_t service = directory_.service_of(request.callee);
  if (service != ServiceDirectory::kNone) series_.refused(service);
}

void RunRecorder::on(Time at, const TransactionEnded& transaction) {
  if (is_symptom(transaction.error)) requests_.error(at);
  traffic_.on(transaction);
}

void RunRecorder::on(Time at, const PhaseStarted& started) {
  phase_ = started.phase;
  const std::string_view name = names_.text(phase_);
  if (name == "load") requests_.load_started(at);
  if (name == "settle") requests_.load_ended(at);
}

void RunRecorder::show_replicas(ProcessId process) {
  const std::uint32_t service = directory_.service_of(process);
  if (service != ServiceDirectory::kNone) series_.set_up(service, traffic_.services()[service].up);
}

void RunRecorder::finish(Time at) {
  begin_second(at);
  requests_.finish(at);
  traffic_.finish(at);
}

}  // namespace soundcheck
