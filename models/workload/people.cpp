#include "models/workload/people.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/api.hpp"
#include "models/orchestrator/decider/workflow.hpp"
#include "models/orchestrator/execution/saga_text.hpp"

namespace soundcheck {
namespace {

// A person who gets an error presses again.
constexpr Duration kBeforeTryingAgain = Duration::seconds(10);

}  // namespace

People::People(SimulatedRuntime& runtime, ProcessId process, std::vector<PersonScript> scripts)
    : runtime_(runtime), process_(process) {
  for (PersonScript& script : scripts) {
    const std::pair key(script.workflow, script.reference);
    scripts_.emplace(key, std::move(script));
  }
  runtime_.world().events().listen(*this, {EventKind::kSagaStep});
}

void People::on_event(const Event& event) {
  const auto told = event.as<SagaStep>();
  if (told.status != SagaTaskStatus::kInProgress) return;
  const orchestrator::ScriptedWork* const work = next(told.saga, told.workflow, told.step);
  if (work == nullptr) return;
  // Each decision draws from a stream of its own: faults change their order.
  World& world = runtime_.world();
  RandomStream random =
      world.random(fmt::format("people/{}.{}/{}/{}", world.names().text(told.workflow),
                               world.names().text(told.step), told.saga, told.attempt));
  if (!random.chance(work->chance.value())) return;
  const Handle<Open> handle = open_.take();
  open_[handle] = {told.saga, told.workflow, told.step, work};
  world.kernel().schedule_in(work->time.sample(random),
                             {&People::on_decided, this, handle.packed()});
}

// Null: nobody has a script for it, as for tasks of workers.
const orchestrator::ScriptedWork* People::next(std::uint64_t saga, NameId workflow, NameId step) {
  const auto& names = runtime_.world().names();
  const std::string reference = conductor::without_iteration(std::string(names.text(step)));
  const auto found = scripts_.find({std::string(names.text(workflow)), reference});
  if (found == scripts_.end()) return nullptr;
  const PersonScript& script = found->second;
  const std::size_t entry = std::min(played_[{saga, &script}]++, script.entries.size() - 1);
  return &script.entries[entry];
}

void People::on_decided(void* object, std::uint64_t ticket) {
  auto& self = *static_cast<People*>(object);
  World& world = self.runtime_.world();
  if (world.holds(self.process_, {&People::on_decided, object, ticket})) return;
  if (!world.running(self.process_)) return;
  const Open& open = self.open_[Handle<Open>::unpack(ticket)];
  orchestrator::SignalTask signal;
  signal.saga_id = orchestrator::to_saga_id(open.saga);
  signal.workflow = world.names().text(open.workflow);
  signal.reference = world.names().text(open.step);
  signal.status = to_text(open.work->status);
  signal.output = open.work->output;
  signal.reason = open.work->reason;
  self.runtime_.rpc().call(self.runtime_.new_context(self.process_, 0),
                           orchestrator::SignalTask::rpc, Payload::of(std::move(signal)),
                           CallOptions(), {self, ticket});
}

void People::on_reply(std::uint64_t ticket, Result<Payload>&& reply) {
  if (!reply && !is_rejection(reply.error().code)) {
    runtime_.world().kernel().schedule_in(kBeforeTryingAgain, {&People::on_decided, this, ticket});
    return;
  }
  open_.give_back(Handle<Open>::unpack(ticket));
}

}  // namespace soundcheck
