// How an aimed fault recognises its moment and strikes at it.
#include <algorithm>

#include "faults/fault.hpp"

namespace soundcheck {

// The process that the fault is aimed at: whose work it is, or the other side of it.
ProcessId Fault::aimed_at(const FailpointContext& at) const {
  if (spec_.target.database && victims_.involved_service().valid()) return at.peer;
  const auto point = std::ranges::find(points_, at.failpoint, &AimPoint::failpoint);
  return point->at_peer ? at.peer : at.process;
}

// Whether the aim means such work, in whatever state its process is.
bool Fault::concerns(const FailpointContext& at) const {
  const FaultAim& aim = *spec_.when;
  if (saga_.valid() && at.saga.workflow != saga_) return false;
  if (step_.valid() && at.saga.step != step_) return false;
  if (aim.undo && at.saga.undo != *aim.undo) return false;
  if (aim.attempt && at.saga.attempt + 1 != *aim.attempt) return false;
  const ProcessId process = aimed_at(at);
  if (!process.valid()) return false;
  if (kind_.reach == Reach::kCalls && !victims_.on_route(at)) return false;
  const auto is_of = [this](ProcessId one, ServiceId service) {
    return !service.valid() || setup_.world.process(one).service == service;
  };
  // Who has come to a database is its client.
  const ProcessId worker = process == at.peer && spec_.target.database ? at.process : process;
  return is_of(worker, worker_) && is_of(process, victims_.involved_service());
}

bool Fault::matches(const FailpointContext& at) const {
  return concerns(at) && setup_.world.running(aimed_at(at));
}

bool Fault::could_strike(const FailpointContext& at) const {
  const FaultAim& aim = *spec_.when;
  const bool spent = (aim.occurrence && occurrences_ >= *aim.occurrence) ||
                     (aim.occurrences && struck_ >= *aim.occurrences);
  return !spent && concerns(at);
}

// Whether to strike at this occurrence, by the rules of the aim or by the plan that is replayed.
bool Fault::chosen() {
  const FaultAim& aim = *spec_.when;
  if (setup_.replay != nullptr) return planned() != nullptr;
  if (aim.occurrence && occurrences_ != *aim.occurrence) return false;
  if (aim.occurrences && struck_ >= *aim.occurrences) return false;
  return aim.chance >= Probability::always() || when_.chance(aim.chance.value());
}

Verdict Fault::at_failpoint(const FailpointContext& at) {
  if (!matches(at)) return {};
  ++occurrences_;
  if (!chosen()) return {};
  Strike strike{.fault = number_,
                .at = setup_.world.now(),
                .failpoint = at.failpoint,
                .occurrence = occurrences_,
                .verdict = {},
                .victims = {}};
  if (setup_.replay != nullptr) {
    strike.victims = victims_.still_there(planned()->victims);
  } else {
    RandomStream random = stream("target");
    strike.victims = victims_.select(aimed_at(at), random);
  }
  return victims_.any(strike.victims) ? strike_at(at, std::move(strike)) : Verdict{};
}

// Decides about the message at the failpoint if the kind can, else injects and lets it pass: it
// will find out what has become of the world.
Verdict Fault::strike_at(const FailpointContext& at, Strike strike) {
  if (kind_.verdict == nullptr) {
    emit_failpoint_fired(setup_.world, at, strike.verdict);
    inject(strike);
    return {};
  }
  if (!setup_.world.running(at.process)) return {};
  RandomStream random = stream("effect");
  strike.verdict = setup_.replay != nullptr
                       ? planned()->verdict
                       : kind_.verdict({setup_.world, spec_.settings, strike.victims, at, random});
  if (strike.verdict.action == Verdict::Action::kPass) return {};
  emit_failpoint_fired(setup_.world, at, strike.verdict);
  note(strike);
  note_end(1);  // the model carries the verdict out: the failpoint permits it
  return strike.verdict;
}

}  // namespace soundcheck
