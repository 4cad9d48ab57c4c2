#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/rpc/rpc.hpp"
#include "models/runtime/computations.hpp"
#include "sim/env/runtime.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Where transactions go: the databases of models/database, or none at all.
class TransactionPort {
 public:
  virtual ~TransactionPort() = default;
  virtual void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                        const TransactOptions& options, SlotRef done) = 0;
};

// What stands behind Env in a simulation: calls go through Rpc, transactions to the database port,
// computations and pauses to the kernel. What a process was waiting for goes with it when it dies.
class SimulatedRuntime final : public Runtime, public Idling, public DisturbanceObserver {
 public:
  explicit SimulatedRuntime(World& world);
  Rpc& rpc() { return rpc_; }
  World& world() { return world_; }
  void set_databases(TransactionPort& databases) { databases_ = &databases; }
  void set_task_effects(TaskEffects& effects) { task_effects_ = &effects; }

  // A context for something that starts in this process by itself: clients, background loops.
  ContextRef new_context(ProcessId process, std::uint64_t trace, SagaContext saga = {});

  Completions& completions() override { return world_.completions(); }
  void call(const ContextRef& context, const RpcName& method, Payload request,
            const CallOptions& options, SlotRef reply) override {
    rpc_.call(context, method, std::move(request), options, reply);
  }
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done) override;
  void compute(const ContextRef& context, Duration work, SlotRef done) override {
    computations_.begin(context->process, work, done);
  }
  void sleep(const ContextRef& context, Duration duration, SlotRef done) override;
  Idling* idling() override { return this; }
  TaskEffects* task_effects() override { return task_effects_; }
  bool may_park(const ContextRef& context, Duration hold) override {
    return rpc_.long_polls().may_park(context, hold);
  }
  void park(const ContextRef& context, Duration hold, SlotRef woken) override {
    rpc_.long_polls().park(context, hold, woken);
  }
  Duration resume(const ContextRef& context) override { return rpc_.long_polls().resume(context); }
  bool undisturbed_since(Time time) const override {
    return world_.disturbances().undisturbed_since(time);
  }
  void await_disturbance(SlotRef slot) override;
  Time clock(const RequestContext& context) override;
  RandomStream& random(const RequestContext& context) override;
  RandomStream stream(const RequestContext& context, std::string_view purpose) override;
  void emit(const RequestContext& context, Event event) override;
  Verdict failpoint(const RequestContext& context, Failpoint failpoint) override;
  NameId intern(std::string_view name) override { return world_.names().intern(name); }
  std::string_view name_of(NameId name) override { return world_.names().text(name); }

  void on_disturbance() override;

 private:
  void slept(SlotRef done);

  World& world_;
  Rpc rpc_;
  TransactionPort* databases_ = nullptr;
  TaskEffects* task_effects_ = nullptr;
  Computations computations_;
  std::vector<SlotRef> undisturbed_;  // to be told when something breaks
  ProcessStreams random_;
};

}  // namespace soundcheck
