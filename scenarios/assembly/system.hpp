#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/blueprint/blueprint.hpp"
#include "models/database/databases.hpp"
#include "models/declared/declared_endpoint.hpp"
#include "models/effects/effect_ledger.hpp"
#include "models/orchestrator/service/orchestrator.hpp"
#include "models/orchestrator/worker/scripted_worker.hpp"
#include "models/runtime/service_host.hpp"
#include "models/workload/people.hpp"
#include "models/workload/workload.hpp"
#include "scenarios/assembly/placement.hpp"

namespace soundcheck {

// The simulated system of a scenario, ready to run: machines, processes, services with their
// databases filled, the orchestrator with its definitions, the parties outside, the clients.
// Nothing has happened in it yet.
class System {
 public:
  System(const Scenario& scenario, std::uint64_t seed);
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  World& world() { return *world_; }
  Observer* observer() { return databases_ ? &databases_->observer() : nullptr; }
  Databases* databases() { return databases_.get(); }

  // Starts every process, databases first.
  void start_processes();
  void start_load();
  void stop_load();
  // At the end of a run: what was not simulated, because it only repeated itself, is counted.
  void account_for_idleness() { runtime_->rpc().long_polls().account_for_parked(); }
  std::uint64_t open_requests() const;
  // Likewise: executions that nobody has heard of are written down.
  void close_ledger() {
    if (effects_) effects_->close();
  }
  // Workers that are at a task, whether or not anybody waits for them.
  std::uint64_t at_work() const { return effects_ ? effects_->at_work() : 0; }
  // Workflows of which nothing states what undoes what.
  std::vector<std::string> unjudged_workflows() const;
  // The longest that a saga's retries can take, as its definitions say.
  Duration longest_saga() const;

 private:
  void add_service(const std::string& name, const ScenarioService& service);
  void add_outside(const ServiceBlueprint& party);
  void add_method(ServiceId id, const MethodBinding& method, const ScenarioService& service);
  void add_blueprint(const ServiceBlueprint& blueprint, const ScenarioService& service);
  void add_declared(const std::string& name, const ScenarioService& service);
  void add_orchestrator(const ScenarioService& service);
  void add_scripted_workers(const std::string& name, const ScenarioService& service);
  ServiceHost::OnStart polling(const std::vector<WorkerBinding>& workers, std::uint32_t threads);
  void add_calls(const std::string& name, const ScenarioService& service);
  void add_database(const std::string& name, const DatabaseParameters& database,
                    std::string_view schema);
  void add_workload(const ScenarioWorkload& workload);
  void populate();
  RequestKind request_kind(const std::string& name, double weight);

  const Scenario& scenario_;
  const SagaStatements statements_;
  Placement placement_;
  Population population_;  // with what the scenario tells the services
  std::unique_ptr<World> world_;
  std::unique_ptr<SimulatedRuntime> runtime_;
  std::unique_ptr<ServiceHost> host_;
  std::unique_ptr<Databases> databases_;
  std::unique_ptr<TransactionPort> transactions_;
  std::unique_ptr<EffectLedger> effects_;  // of the scenario's own workflows
  std::shared_ptr<orchestrator::Shared> orchestrator_;
  std::unique_ptr<orchestrator::WorkScripts> scripts_;
  std::vector<WorkerBinding> script_bindings_;
  std::vector<std::unique_ptr<DeclaredEndpoint>> declared_;
  std::vector<std::unique_ptr<RpcName>> entries_;  // of declared services, for clients
  std::vector<std::unique_ptr<std::string>> texts_;
  std::map<std::string_view, std::uint64_t> turns_;  // of users who come once, by request
  std::size_t client_hosts_ = 0;                     // of the workloads so far
  std::vector<std::unique_ptr<Workload>> workloads_;
  std::unique_ptr<People> people_;  // null: nobody is scripted
};

}  // namespace soundcheck
