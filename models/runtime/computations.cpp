#include "models/runtime/computations.hpp"

#include "sim/env/runtime.hpp"
#include "sim/world/callback_to.hpp"

namespace soundcheck {

Computations::Computations(World& world) : world_(world), of_process_(world.process_count()) {
  world.observe_processes(*this);
}

void Computations::begin(ProcessId process, Duration work, SlotRef done) {
  const Handle<Computation> id = computations_.take();
  const ActivityId activity = world_.kernel().execute(
      world_.process(process).host, work, activity_callback_to<&Computations::computed>(this, id));
  computations_[id] = {process, done, activity};
  of_process_[process.index()].add(computations_, id);
}

void Computations::computed(Handle<Computation> id, Outcome outcome) {
  const Computation* const computation = computations_.find(id);
  if (computation == nullptr) return;
  const SlotRef done = computation->done;
  of_process_[computation->process.index()].remove(computations_, id);
  computations_.give_back(id);
  if (outcome == Outcome::kDone) world_.completions().complete(done, Nothing{});
}

void Computations::on_process_down(ProcessId process, DownCause) {
  auto& of_process = of_process_[process.index()];
  for (const Handle<Computation> id : of_process) {
    world_.kernel().cancel(computations_[id].activity);
    computations_.give_back(id);
  }
  of_process = {};
}

}  // namespace soundcheck
