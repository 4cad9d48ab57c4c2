#include "models/runtime/simulated_runtime.hpp"

#include <fmt/format.h>

#include "sim/world/callback_to.hpp"

namespace soundcheck {

SimulatedRuntime::SimulatedRuntime(World& world)
    : world_(world), rpc_(world, *this), computations_(world), random_(world, "service") {
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

void SimulatedRuntime::sleep(const ContextRef&, Duration duration, SlotRef done) {
  world_.kernel().schedule_in(duration, callback_to<&SimulatedRuntime::slept>(this, done));
}

void SimulatedRuntime::slept(SlotRef done) {
  if (completions().waiting(done)) completions().complete(done, Nothing{});
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

}  // namespace soundcheck
