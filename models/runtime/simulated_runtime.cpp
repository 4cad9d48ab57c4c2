#include "models/runtime/simulated_runtime.hpp"

#include <fmt/format.h>

namespace soundcheck {

SimulatedRuntime::SimulatedRuntime(World& world)
    : world_(world), rpc_(world, *this), random_(world, "service") {
  world.observe_processes(*this);
  world.disturbances().observe(*this);
}

ContextRef SimulatedRuntime::new_context(ProcessId process, std::uint64_t trace, SagaContext saga) {
  RequestContext context;
  context.runtime = this;
  context.scope = world_.process(process).scope.get();
  context.process = process;
  context.trace = trace;
  context.saga = saga;
  return ContextRef::make(context);
}

void SimulatedRuntime::transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                                const TransactOptions& options, SlotRef done) {
  if (databases_ == nullptr) {
    completions().complete(
        done, TransactionOutcome(failure(ErrorCode::kDatabaseUnavailable, "no database")));
    return;
  }
  databases_->transact(context, std::move(body), options, done);
}

void SimulatedRuntime::compute(const ContextRef& context, Duration work, SlotRef done) {
  const Handle<Computation> handle = computations_.take();
  const ActivityId activity =
      world_.kernel().execute(world_.process(context->process).host, work,
                              {&SimulatedRuntime::on_computed, this, handle.packed()});
  computations_[handle] = Computation{true, context->process, done, activity};
}

void SimulatedRuntime::on_computed(void* self, std::uint64_t packed, Outcome outcome) {
  auto& runtime = *static_cast<SimulatedRuntime*>(self);
  const auto handle = Handle<Computation>::unpack(packed);
  Computation* const computation = runtime.computations_.find(handle);
  if (computation == nullptr) return;
  const SlotRef done = computation->done;
  computation->in_use = false;
  runtime.computations_.give_back(handle);
  if (outcome == Outcome::kDone) runtime.completions().complete(done, Nothing{});
}

void SimulatedRuntime::sleep(const ContextRef&, Duration duration, SlotRef done) {
  world_.kernel().schedule_in(duration, {&SimulatedRuntime::on_slept, this, done.packed()});
}

void SimulatedRuntime::on_slept(void* self, std::uint64_t packed_slot) {
  auto& completions = static_cast<SimulatedRuntime*>(self)->completions();
  const auto slot = SlotRef::unpack(packed_slot);
  if (completions.waiting(slot)) completions.complete(slot, Nothing{});
}

Time SimulatedRuntime::clock(const RequestContext& context) {
  return world_.now() + world_.process(context.process).clock_offset;
}

RandomStream& SimulatedRuntime::random(const RequestContext& context) {
  return random_.of(context.process);
}

RandomStream SimulatedRuntime::stream(const RequestContext& context, std::string_view purpose) {
  const std::string_view process = world_.names().text(world_.process(context.process).name);
  return world_.random(fmt::format("service/{}/{}", process, purpose));
}

void SimulatedRuntime::emit(const RequestContext& context, Event event) {
  event.stamp(world_.now(), context.process);
  world_.events().emit(event);
}

Verdict SimulatedRuntime::failpoint(const RequestContext& context, Failpoint failpoint) {
  if (!world_.failpoints().armed(failpoint)) [[likely]]
    return {};
  if (!world_.running(context.process)) return {};
  FailpointContext at;
  at.failpoint = failpoint;
  at.process = context.process;
  at.service = world_.process(context.process).service;
  at.saga = context.saga;
  at.trace = context.trace;
  return world_.failpoints().reach(at);
}

void SimulatedRuntime::await_disturbance(SlotRef slot) {
  std::erase_if(undisturbed_, [&](SlotRef other) { return !completions().waiting(other); });
  undisturbed_.push_back(slot);
}

void SimulatedRuntime::on_disturbance() {
  for (const SlotRef slot : std::exchange(undisturbed_, {}))
    completions().complete(slot, Nothing{});
}

void SimulatedRuntime::on_process_down(ProcessId process, DownCause) {
  for (std::uint32_t i = 0; i < computations_.size(); ++i) {
    Computation& computation = computations_.at_index(i);
    if (!computation.in_use || computation.process != process) continue;
    world_.kernel().cancel(computation.activity);
    computation.in_use = false;
    computations_.give_back(computations_.handle_at(i));
  }
}

}  // namespace soundcheck
