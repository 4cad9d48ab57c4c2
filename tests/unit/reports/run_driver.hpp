#pragma once

#include <string>
#include <string_view>

#include "reports/ledger/ledger.hpp"
#include "reports/recorder/run_recorder.hpp"
#include "sim/core/result.hpp"
#include "sim/events/event_stream.hpp"

namespace soundcheck {

// Plays a run by hand: emits the events that models would, at given times.
struct RunDriver {
  EventStream events;
  Ledger ledger{events};
  RunRecorder recorder{events, directory(), &ledger};

  static ServiceDirectory directory() {
    ServiceDirectory directory;
    for (const char* name : {"clients", "payments", "auth"}) {
      const std::uint32_t service = directory.add_service(name);
      directory.add_process(service);
    }
    return directory;
  }
  static constexpr ProcessId kClients{0};
  static constexpr ProcessId kPayments{1};
  static constexpr ProcessId kAuth{2};

  NameId name(std::string_view text) {
    return text.empty() ? NameId() : events.names().intern(text);
  }
  template <TypedEvent T>
  void emit(Duration at, const T& fields) {
    events.emit(Time::at(at), fields);
  }
  void phase(Duration at, std::string_view phase) { emit(at, PhaseStarted{.phase = name(phase)}); }
  void start(Duration at, std::string_view type) { emit(at, RequestStarted{.type = name(type)}); }
  void end(Duration at, std::string_view type, Duration took,
           RequestOutcome outcome = RequestOutcome::kOk) {
    RequestEnded ended{.type = name(type), .outcome = outcome, .took = took};
    if (outcome != RequestOutcome::kOk) ended.error = ErrorCode::kTimeout;
    emit(at, ended);
  }
  // A request whose whole life lies before the next event.
  void request(Duration at, std::string_view type, Duration took,
               RequestOutcome outcome = RequestOutcome::kOk) {
    start(at - took, type);
    end(at, type, took, outcome);
  }
  // `per_second` requests in each second of [from, until), answered after `took`.
  void load(Duration from, Duration until, int per_second, Duration took,
            RequestOutcome outcome = RequestOutcome::kOk, std::string_view type = "subscribe") {
    const Duration gap = Duration::seconds(1) / per_second;
    for (Duration at = from + gap / 2; at < until; at += gap) request(at, type, took, outcome);
  }
  void fault(Duration at, bool starts, std::int64_t number = 0,
             std::string_view kind = "process.crash", std::uint64_t effects = 1) {
    if (starts) {
      emit(at, FaultStarted{.fault_kind = name(kind), .number = number});
    } else {
      emit(at, FaultEnded{.fault_kind = name(kind), .number = number, .effects = effects});
    }
  }
  void saga(Duration at, std::uint64_t id, bool undo = false,
            std::string_view workflow = "subscribe") {
    emit(at, SagaStarted{.saga = id, .workflow = name(workflow), .compensation = undo});
  }
  void step(Duration at, std::uint64_t id, std::string_view step, SagaTaskStatus status,
            int attempt = 0) {
    emit(at, SagaStep{.saga = id, .step = name(step), .status = status, .attempt = attempt});
  }
  void saga_ends(Duration at, std::uint64_t id, SagaStatus status, bool undo = false,
                 std::string_view stopped_at = "", std::string_view workflow = "subscribe") {
    emit(at, SagaEnded{.saga = id,
                       .workflow = name(workflow),
                       .stopped_at = name(stopped_at),
                       .status = status,
                       .compensation = undo});
  }
  void human(Duration at, std::uint64_t id, std::string_view step) {
    emit(at, SagaNeedsHuman{.saga = id, .step = name(step)});
  }
};

}  // namespace soundcheck
