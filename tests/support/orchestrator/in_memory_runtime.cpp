#include "tests/support/orchestrator/in_memory_runtime.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck::testing_support {

InMemoryRuntime::~InMemoryRuntime() {
  scope_->doom();
  scope_->destroy_frames();
}

Env InMemoryRuntime::env() {
  RequestContext context;
  context.runtime = this;
  context.scope = scope_.get();
  return Env(ContextRef::make(context));
}

bool InMemoryRuntime::run(Task<void> task) {
  scope_->start(task.release().promise());
  const Scope* const before = scope_.get();
  finish();
  return scope_.get() == before;
}

void InMemoryRuntime::finish() {
  ready_.run_all();
  if (!scope_->doomed()) return;
  scope_->destroy_frames();
  ready_.run_all();  // nothing in the queue may still name the old scope
  scope_ = std::make_unique<Scope>(ready_);
}

void InMemoryRuntime::call(const ContextRef&, const RpcName& method, Payload, const CallOptions&,
                           SlotRef) {
  SOUNDCHECK_ASSERT(false, "nobody can be called here: {}", method.method);
}

void InMemoryRuntime::transact(const ContextRef&, std::unique_ptr<TransactionBody>,
                               const TransactOptions&, SlotRef) {
  SOUNDCHECK_ASSERT(false, "there is no database here");
}

void InMemoryRuntime::compute(const ContextRef&, Duration, SlotRef done) {
  completions_.complete(done, Nothing{});
}

void InMemoryRuntime::sleep(const ContextRef&, Duration, SlotRef) {
  SOUNDCHECK_ASSERT(false, "no time passes here by itself");
}

NameId InMemoryRuntime::intern(std::string_view name) {
  const auto found = name_ids_.find(name);
  if (found != name_ids_.end()) return found->second;
  const NameId id(static_cast<std::uint32_t>(names_.size()));
  names_.emplace_back(name);
  name_ids_.emplace(name, id);
  return id;
}

}  // namespace soundcheck::testing_support
