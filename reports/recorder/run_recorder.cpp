#include "reports/recorder/run_recorder.hpp"

#include <optional>
#include <utility>

#include "reports/ledger/ledger.hpp"
#include "sim/core/error_code.hpp"

namespace soundcheck {

RunRecorder::RunRecorder(EventStream& events, ServiceDirectory directory, const Ledger* ledger,
                         std::vector<Resource> resources)
    : names_(events.names()),
      ledger_(ledger),
      directory_(std::move(directory)),
      traffic_(directory_),
      workflows_(events),
      series_(directory_.services.size()),
      resources_(std::move(resources)) {
  events.listen(
      *this,
      {EventKind::kPhaseStarted,   EventKind::kRequestStarted,   EventKind::kRequestEnded,
       EventKind::kCallEnded,      EventKind::kCallRetried,      EventKind::kCallHedged,
       EventKind::kHandlerEnded,   EventKind::kRequestRefused,   EventKind::kProcessStopped,
       EventKind::kProcessStarted, EventKind::kFaultStarted,     EventKind::kFaultEnded,
       EventKind::kCommitsLost,    EventKind::kTransactionEnded, EventKind::kSagaStarted,
       EventKind::kSagaStep,       EventKind::kSagaEnded,        EventKind::kServiceWarning,
       EventKind::kCallsRepeated,  EventKind::kHandlersRepeated, EventKind::kRequestAbandoned});
}

namespace {

bool is_symptom(std::optional<ErrorCode> error) {
  return error && !is_rejection(*error);
}

}  // namespace

[[gnu::cold, gnu::noinline]] void RunRecorder::begin_second(Time at) {
  series_.second_ended({.second = second_end_.count() / 1'000'000'000 - 1,
                        .open_requests = windows_.open(Work::kRequests),
                        .open_sagas = ledger_ != nullptr ? ledger_->open_sagas() : 0,
                        .active_faults = active_strikes_});
  windows_.second_ended(second_end_);
  resources_.watch(at);
  // Seconds without events say nothing new: they are skipped together.
  second_end_ = Time::from_nanoseconds((at.count() / 1'000'000'000 + 1) * 1'000'000'000);
  windows_.skip_to(second_end_ - Duration::seconds(1));
  series_.begin_second(second_end_ - Duration::seconds(1));
}

void RunRecorder::on_event(const Event& event) {
  if (event.at >= second_end_) begin_second(event.at);
  switch (event.kind) {
    case EventKind::kRequestStarted:
      return on(event.at, event.as<RequestStarted>());
    case EventKind::kRequestEnded:
      return on(event.at, event.as<RequestEnded>());
    case EventKind::kCallEnded:
      return on(event.at, event.as<CallEnded>());
    case EventKind::kCallRetried:
      return on(event.at, event.as<CallRetried>());
    case EventKind::kCallHedged:
      return traffic_.on(event.as<CallHedged>());
    case EventKind::kHandlerEnded:
      return on(event.at, event.as<HandlerEnded>());
    case EventKind::kCallsRepeated:
      return traffic_.on(event.as<CallsRepeated>());
    case EventKind::kHandlersRepeated:
      return traffic_.on(event.at, event.as<HandlersRepeated>());
    case EventKind::kRequestRefused:
      return on(event.as<RequestRefused>());
    case EventKind::kRequestAbandoned:
      return traffic_.on(event.as<RequestAbandoned>());
    case EventKind::kTransactionEnded:
      return on(event.at, event.as<TransactionEnded>());
    default:
      on_rare_event(event);
  }
}

[[gnu::cold, gnu::noinline]] void RunRecorder::on_rare_event(const Event& event) {
  series_.touch();
  switch (event.kind) {
    case EventKind::kPhaseStarted:
      return on(event.at, event.as<PhaseStarted>());
    case EventKind::kSagaStarted:
      return on(event.at, event.as<SagaStarted>());
    case EventKind::kSagaEnded:
      return on(event.at, event.as<SagaEnded>());
    case EventKind::kFaultStarted: {
      const auto fault = event.as<FaultStarted>();
      ++active_strikes_;
      return windows_.fault_started(event.at, fault.number, fault.fault_kind);
    }
    case EventKind::kFaultEnded: {
      const auto fault = event.as<FaultEnded>();
      if (active_strikes_ > 0) --active_strikes_;
      return windows_.fault_ended(event.at, fault.number, fault.effects);
    }
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

void RunRecorder::on(Time at, const RequestStarted& request) {
  const std::uint32_t type = types_.number_of(request.type);
  ++started_;
  if (type >= request_errors_.size()) request_errors_.resize(type + 1);
  windows_.started(Work::kRequests, at, type);
  series_.request_started(type);
}

void RunRecorder::on(Time at, const RequestEnded& request) {
  const std::uint32_t type = types_.number_of(request.type);
  ++ended_;
  if (is_symptom(request.error)) windows_.error(at);
  windows_.ended(Work::kRequests, at, type, request.outcome, request.took);
  series_.request_ended(type, request.outcome, request.took);
  if (request.error) ++request_errors_[type][static_cast<std::size_t>(*request.error)];
}

void RunRecorder::on(Time at, const CallEnded& call) {
  if (is_symptom(call.error)) windows_.error(at);
  traffic_.on(call);
}

void RunRecorder::on(Time at, const CallRetried& call) {
  windows_.error(at);
  traffic_.on(call);
  const std::uint32_t service = directory_.service_of(call.caller);
  if (service != ServiceDirectory::kNone) series_.retried(service);
}

void RunRecorder::on(Time at, const HandlerEnded& handler) {
  traffic_.on(at, handler);
  const std::uint32_t service = directory_.service_of(handler.callee);
  if (service != ServiceDirectory::kNone)
    series_.handler_ended(at, service, handler.error.has_value(), handler.worked, handler.queued);
}

void RunRecorder::on(const RequestRefused& request) {
  traffic_.on(request);
  const std::uint32_t service = directory_.service_of(request.callee);
  if (service != ServiceDirectory::kNone) series_.refused(service);
}

void RunRecorder::on(Time at, const TransactionEnded& transaction) {
  if (is_symptom(transaction.error)) windows_.error(at);
  traffic_.on(transaction);
}

// Only what the ledger takes for a saga of its own: the workflow that it began with.
void RunRecorder::on(Time at, const SagaStarted& started) {
  if (ledger_ == nullptr || started.compensation) return;
  const SagaRecord* const saga = ledger_->find(started.saga);
  if (saga != nullptr && saga->started == at && saga->workflow == started.workflow)
    windows_.started(Work::kSagas, at, sagas_.number_of(started.workflow));
}

void RunRecorder::on(Time at, const SagaEnded& ended) {
  if (ledger_ == nullptr || ended.compensation) return;
  const SagaRecord* const saga = ledger_->find(ended.saga);
  if (saga == nullptr || saga->workflow != ended.workflow) return;
  const bool ok = ended.status == SagaStatus::kCompleted;
  windows_.ended(Work::kSagas, at, sagas_.number_of(ended.workflow),
                 ok ? RequestOutcome::kOk : RequestOutcome::kFailed, at - saga->started);
}

// Who rightly waits for a person is neither a success nor a failure.
void RunRecorder::end_open_sagas(Time at) {
  for (const SagaRecord& saga : ledger_->sagas()) {
    if (saga.ended() || saga.human_step.valid()) continue;
    windows_.ended(Work::kSagas, at, sagas_.number_of(saga.workflow), RequestOutcome::kUnknown,
                   at - saga.started);
  }
}

void RunRecorder::on(Time at, const PhaseStarted& started) {
  phase_ = started.phase;
  const std::string_view name = names_.text(phase_);
  if (name == "load") {
    windows_.load_started(at);
    traffic_.load_started(at);
    resources_.load_started(at);
  } else if (name == "settle") {
    windows_.load_ended(at);
    traffic_.load_ended(at);
    resources_.load_ended(at);
  }
}

void RunRecorder::show_replicas(ProcessId process) {
  const std::uint32_t service = directory_.service_of(process);
  if (service != ServiceDirectory::kNone) series_.set_up(service, traffic_.services()[service].up);
}

void RunRecorder::finish(Time at, bool aborted) {
  begin_second(at);
  if (ledger_ != nullptr && !aborted) end_open_sagas(at);
  windows_.finish(at);
  traffic_.finish(at);
  resources_.load_ended(at);
}

}  // namespace soundcheck
