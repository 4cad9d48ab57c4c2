#include "reports/recorder/run_recorder.hpp"

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
                {EventKind::kPhase, EventKind::kRequestStarted, EventKind::kRequestEnded,
                 EventKind::kCallEnded, EventKind::kCallRetried, EventKind::kHandlerEnded,
                 EventKind::kRequestRefused, EventKind::kProcessDown, EventKind::kProcessUp,
                 EventKind::kFaultStarted, EventKind::kFaultEnded, EventKind::kCommitsLost,
                 EventKind::kTransactionEnded, EventKind::kSagaStep, EventKind::kServiceWarning,
                 EventKind::kCallsRepeated, EventKind::kHandlersRepeated});
}

// A business rule that says no (4xx) is an answer, not a symptom of a fault.
bool RunRecorder::is_rejection(std::int64_t code) {
  return soundcheck::is_rejection(static_cast<ErrorCode>(code - 1));
}

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
    case EventKind::kRequestStarted: {
      const std::uint32_t type = types_.number_of(event.name);
      ++started_;
      requests_.request_started(type);
      series_.request_started(type);
      break;
    }
    case EventKind::kRequestEnded:
      on_request_ended(event);
      break;
    case EventKind::kCallEnded:
      if (event.code != 0 && !is_rejection(event.code)) requests_.error(event.at);
      traffic_.call_ended(event);
      break;
    case EventKind::kCallRetried:
      requests_.error(event.at);
      traffic_.call_retried(event);
      if (const auto service = directory_.service_of(event.process);
          service != ServiceDirectory::kNone)
        series_.retried(service);
      break;
    case EventKind::kHandlerEnded:
      traffic_.handler_ended(event);
      if (const auto service = directory_.service_of(event.process);
          service != ServiceDirectory::kNone)
        series_.handler_ended(service, event.code != 0, event.value, event.extra);
      break;
    case EventKind::kCallsRepeated:
      traffic_.calls_repeated(event);
      break;
    case EventKind::kHandlersRepeated:
      traffic_.handlers_repeated(event);
      break;
    case EventKind::kRequestRefused:
      traffic_.refused(event);
      if (const auto service = directory_.service_of(event.process);
          service != ServiceDirectory::kNone)
        series_.refused(service);
      break;
    case EventKind::kTransactionEnded:
      if (event.code != 0 && !is_rejection(event.code)) requests_.error(event.at);
      traffic_.transaction_ended(event);
      break;
    default:
      on_rare_event(event);
  }
}

void RunRecorder::on_rare_event(const Event& event) {
  series_.touch();
  switch (event.kind) {
    case EventKind::kPhase:
      on_phase(event);
      break;
    case EventKind::kFaultStarted:
      ++active_strikes_;
      requests_.fault_started(event.at, event.value, event.name);
      break;
    case EventKind::kFaultEnded:
      if (active_strikes_ > 0) --active_strikes_;
      requests_.fault_ended(event.at, event.value);
      break;
    case EventKind::kProcessDown:
    case EventKind::kProcessUp: {
      event.kind == EventKind::kProcessDown ? traffic_.process_down(event)
                                            : traffic_.process_up(event);
      if (const auto service = directory_.service_of(event.process);
          service != ServiceDirectory::kNone)
        series_.set_up(service, traffic_.services()[service].up);
      break;
    }
    case EventKind::kCommitsLost:
      traffic_.commits_lost(event);
      break;
    case EventKind::kServiceWarning:
      traffic_.warning(event);
      break;
    default:
      break;  // a saga step: worth a row, counted by the ledger
  }
}

void RunRecorder::on_request_ended(const Event& event) {
  const std::uint32_t type = types_.number_of(event.name);
  const auto outcome = static_cast<RequestOutcome>(event.code);
  const Duration duration = Duration::nanoseconds(event.value);
  ++ended_;
  if (outcome != RequestOutcome::kOk && !is_rejection(event.extra)) requests_.error(event.at);
  requests_.request_ended(event.at, type, outcome, duration);
  series_.request_ended(type, outcome, duration);
}

void RunRecorder::on_phase(const Event& event) {
  phase_ = event.name;
  const std::string_view name = names_.text(event.name);
  if (name == "load") requests_.load_started(event.at);
  if (name == "settle") requests_.load_ended(event.at);
}

void RunRecorder::finish(Time at) {
  begin_second(at);
  requests_.finish(at);
  traffic_.finish(at);
}

}  // namespace soundcheck
