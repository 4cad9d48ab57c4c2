#include "faults/injection.hpp"

namespace soundcheck {

void emit_failpoint_fired(World& world, const FailpointContext& at, const Verdict& verdict) {
  Event event = world.event(EventKind::kFailpointFired, at.process);
  event.trace = at.trace;
  event.saga = at.saga.saga;
  event.name = world.names().intern(name_of(at.failpoint));
  event.other = at.saga.step;
  event.code = static_cast<std::uint16_t>(verdict.action);
  world.events().emit(event);
}

}  // namespace soundcheck
