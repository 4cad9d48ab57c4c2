#include "faults/injection.hpp"

namespace soundcheck {

void emit_failpoint_fired(World& world, const FailpointContext& at, const Verdict& verdict) {
  world.emit(FailpointFired{.process = at.process,
                            .trace = at.trace,
                            .saga = at.saga.saga,
                            .failpoint = world.names().intern(name_of(at.failpoint)),
                            .step = at.saga.step,
                            .action = static_cast<std::uint16_t>(verdict.action)});
}

}  // namespace soundcheck
