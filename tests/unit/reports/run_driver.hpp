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

  Event event(EventKind kind, Duration at, std::string_view name = "") {
    Event event;
    event.at = Time::at(at);
    event.kind = kind;
    if (!name.empty()) event.name = events.names().intern(name);
    return event;
  }
  void phase(Duration at, std::string_view name) {
    events.emit(event(EventKind::kPhase, at, name));
  }
  void start(Duration at, std::string_view type) {
    events.emit(event(EventKind::kRequestStarted, at, type));
  }
  void end(Duration at, std::string_view type, Duration took,
           RequestOutcome outcome = RequestOutcome::kOk) {
    Event ended = event(EventKind::kRequestEnded, at, type);
    ended.code = static_cast<std::uint16_t>(outcome);
    ended.value = took.count();
    if (outcome != RequestOutcome::kOk)
      ended.extra = static_cast<std::int64_t>(ErrorCode::kTimeout) + 1;
    events.emit(ended);
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
             std::string_view kind = "process.crash") {
    Event fault = event(starts ? EventKind::kFaultStarted : EventKind::kFaultEnded, at, kind);
    fault.value = number;
    events.emit(fault);
  }
  void saga(Duration at, std::uint64_t id, bool undo = false, std::string_view name = "subscribe") {
    Event started = event(EventKind::kSagaStarted, at, name);
    started.saga = id;
    started.extra = undo ? 1 : 0;
    events.emit(started);
  }
  void step(Duration at, std::uint64_t id, std::string_view step, SagaTaskStatus status,
            int attempt = 0) {
    Event stepped = event(EventKind::kSagaStep, at, step);
    stepped.saga = id;
    stepped.code = static_cast<std::uint16_t>(status);
    stepped.value = attempt;
    events.emit(stepped);
  }
  void saga_ends(Duration at, std::uint64_t id, SagaStatus status, bool undo = false,
                 std::string_view stopped_at = "", std::string_view name = "subscribe") {
    Event ended = event(EventKind::kSagaEnded, at, name);
    ended.saga = id;
    ended.code = static_cast<std::uint16_t>(status);
    ended.extra = undo ? 1 : 0;
    if (!stopped_at.empty()) ended.other = events.names().intern(stopped_at);
    events.emit(ended);
  }
  void human(Duration at, std::uint64_t id, std::string_view step) {
    Event human = event(EventKind::kSagaNeedsHuman, at, step);
    human.saga = id;
    events.emit(human);
  }
};

}  // namespace soundcheck
