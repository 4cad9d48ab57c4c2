#include "scenarios/assembly/system.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/scripts/library_script_engine.hpp"
#include "models/orchestrator/worker/worker.hpp"
#include "models/registry/registry.hpp"
#include "scenarios/assembly/population.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/assembly/workflows.hpp"
#include "scenarios/model/stated_sagas.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

class DatabasePort final : public TransactionPort {
 public:
  explicit DatabasePort(Databases& databases) : databases_(databases) {}
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done) override {
    databases_.transact(context, std::move(body), options, done);
  }

 private:
  Databases& databases_;
};

std::pair<std::string, std::string> split_method(const std::string& name) {
  const auto dot = name.find('.');
  return {name.substr(0, dot), dot == std::string::npos ? std::string() : name.substr(dot + 1)};
}

}  // namespace

System::System(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario),
      statements_(statements_of(scenario)),
      placement_(place(scenario)),
      population_(population_of(scenario)) {
  world_ = std::make_unique<World>(scenario.fidelity, placement_.platform, seed);
  for (const std::string& service : placement_.services) world_->add_service(service);
  for (const PlacedProcess& process : placement_.processes) {
    world_->add_process(world_->service_named(process.service), process.name, process.host);
  }
  runtime_ = std::make_unique<SimulatedRuntime>(*world_);
  host_ = std::make_unique<ServiceHost>(*runtime_);
  if (std::ranges::any_of(placement_.services, is_database)) {
    databases_ = std::make_unique<Databases>(*world_);
    transactions_ = std::make_unique<DatabasePort>(*databases_);
    runtime_->set_databases(*transactions_);
    if (!scenario.workflows.empty()) {
      effects_ = std::make_unique<EffectLedger>(*world_, *databases_, statements_);
      runtime_->set_task_effects(*effects_);
    }
  }

  if (scenario.services.contains(kOrchestrator)) {
    orchestrator_ = std::make_shared<orchestrator::Shared>();
  }
  for (const auto& [name, service] : scenario.services) add_service(name, service);
  if (scenario.architecture != kOwnArchitecture) {
    for (const ServiceBlueprint& party : registered_services()) {
      if (party.outside) add_outside(party);
    }
    populate();
  }
  if (databases_) databases_->open();
  for (const ScenarioWorkload& workload : scenario.workload) add_workload(workload);
  if (const ServiceId people = world_->service_named(kPeople); people.valid()) {
    people_ = std::make_unique<People>(*runtime_, world_->replicas(people).front(),
                                       person_scripts(scenario));
  }
}

// Frames refer to services, runtime and databases: they go first.
System::~System() {
  world_->shut_down();
}

void System::add_service(const std::string& name, const ScenarioService& service) {
  Rpc& rpc = runtime_->rpc();
  const ServiceId id = world_->service_named(name);
  rpc.set_server_policy(id, service);
  add_calls(name, service);
  if (service.declared) {
    add_declared(name, service);
  } else if (name == kOrchestrator) {
    add_orchestrator(service);
  } else if (name == kWorkersService && !scenario_.workers.empty()) {
    add_scripted_workers(name, service);
  } else if (const ServiceBlueprint* const blueprint = find_service(name)) {
    add_blueprint(*blueprint, service);
  }
}

void System::add_calls(const std::string& name, const ScenarioService& service) {
  Rpc& rpc = runtime_->rpc();
  const ServiceId id = world_->service_named(name);
  rpc.set_call_policy(id, ServiceId(), CallPolicy());
  for (const auto& [callee, call] : service.calls) {
    const auto [service_name, method] = split_method(callee);
    const ServiceId to = world_->service_named(service_name);
    if (to.valid()) rpc.set_call_policy(id, to, call, method);
  }
}

void System::add_database(const std::string& name, const DatabaseParameters& database,
                          std::string_view schema) {
  const ServiceId server = world_->service_named(database_of(name));
  const ProcessId process = world_->replicas(server).front();
  databases_->add_server(process, database);
  if (!schema.empty()) {
    const auto loaded = databases_->load_schema(process, name, schema);
    SOUNDCHECK_ASSERT(loaded.has_value(), "schema of {}: {}", name, loaded.error());
  }
  databases_->connect(world_->service_named(name), process);
}

void System::add_blueprint(const ServiceBlueprint& blueprint, const ScenarioService& service) {
  const ServiceId id = world_->service_named(blueprint.name);
  for (const MethodBinding& method : blueprint.methods) add_method(id, method, service);
  if (!blueprint.schema.empty()) add_database(blueprint.name, service.database, blueprint.schema);
  ServiceHost::OnStart on_start;
  if (!blueprint.tasks.empty())
    on_start = polling(blueprint.tasks, orchestrator::WorkerSettings().threads);
  host_->serve(
      id, [this, &blueprint](ProcessId) { return blueprint.create(population_.settings); },
      std::move(on_start));
}

void System::add_method(ServiceId id, const MethodBinding& method, const ScenarioService& service) {
  const EndpointCosts* const costs = service.endpoints.find(method.name.method);
  runtime_->rpc().add_method(id, method, costs != nullptr ? *costs : EndpointCosts());
  if (orchestrator_ != nullptr) orchestrator_->http.add(method);
}

// Every incarnation of a replica polls with so many threads.
ServiceHost::OnStart System::polling(const std::vector<WorkerBinding>& workers,
                                     std::uint32_t threads) {
  return [this, &workers, threads](ProcessId process, Service& object) {
    Scope& scope = *world_->process(process).scope;
    const std::string worker(world_->names().text(world_->process(process).name));
    for (std::uint32_t thread = 0; thread < threads; ++thread) {
      const Env env(runtime_->new_context(process, 0));
      scope.start(orchestrator::work(env, &object, &workers, worker, {}).release().promise());
    }
  };
}

void System::add_scripted_workers(const std::string& name, const ScenarioService& service) {
  scripts_ = std::make_unique<orchestrator::WorkScripts>(work_scripts(scenario_));
  script_bindings_ = scripted_bindings(scenario_);
  if (orchestrator_ != nullptr) {
    orchestrator_->child_started = [this](const std::string& child_id, const std::string& parent_id,
                                          const std::string& parent_name,
                                          const std::string& reference) {
      scripts_->note_child(child_id, parent_id, parent_name, reference);
    };
  }
  host_->serve(
      world_->service_named(name),
      [this](ProcessId) { return std::make_unique<orchestrator::ScriptedWorker>(*scripts_); },
      script_bindings_.empty() ? ServiceHost::OnStart()
                               : polling(script_bindings_, service.workers));
}

void System::add_outside(const ServiceBlueprint& party) {
  const CatalogueService* const entry =
      reference_catalogue().architectures.begin()->second.services.find(party.name);
  runtime_->rpc().set_server_policy(world_->service_named(party.name),
                                    {.workers = static_cast<std::uint32_t>(party.workers),
                                     .queue = static_cast<std::uint32_t>(party.queue)});
  add_blueprint(party, entry != nullptr ? entry->defaults : ScenarioService());
}

void System::add_declared(const std::string& name, const ScenarioService& service) {
  const ServiceId id = world_->service_named(name);
  for (const auto& [method, steps] : service.declared->endpoints) {
    declared_.push_back(std::make_unique<DeclaredEndpoint>(name, method, steps));
    add_method(id, declared_.back()->binding(), service);
  }
  if (world_->service_named(database_of(name)).valid()) add_database(name, service.database, "");
  host_->serve(id, [](ProcessId) { return std::make_unique<StatelessService>(); });
}

void System::add_orchestrator(const ScenarioService& service) {
  orchestrator_->scripts = std::make_unique<conductor::LibraryScriptEngine>();
  orchestrator_->replicas = static_cast<std::size_t>(service.replicas);
  orchestrator_->locked = service.lock != WorkflowLock::kNone;
  if (!orchestrator_->locked) orchestrator_->settings.drawn_ids = std::make_shared<std::int32_t>(1);
  orchestrator_->watchdog = !population_.settings.defect(orchestrator::kFailureWorkflowLost);
  register_definitions(scenario_, orchestrator_->definitions);
  for (const conductor::WorkflowDefinition& workflow : scenario_.workflows)
    orchestrator_->plans[workflow.name] = plan_of(workflow, statements_);
  ServiceBlueprint blueprint = orchestrator::blueprint(orchestrator_, [this, lives = 0]() mutable {
    return world_->random(fmt::format("orchestrator/jitter/{}", ++lives));
  });
  const auto own = std::make_shared<const ServiceBlueprint>(std::move(blueprint));
  const ServiceId id = world_->service_named(kOrchestrator);
  for (const MethodBinding& method : own->methods) add_method(id, method, service);
  add_database(kOrchestrator, service.database, own->schema);
  for (const char* const memory : {"tasks", "queue", "scheduled"}) {
    databases_->hide_from_observer(kOrchestrator, memory);
  }
  host_->serve(id, [this, own](ProcessId) { return own->create(population_.settings); });
}

void System::populate() {
  for (const ServiceBlueprint& service : registered_services()) {
    const ServiceId server = world_->service_named(database_of(service.name));
    if (!server.valid()) continue;
    Store& store = databases_->store(world_->replicas(server).front());
    for (const SeedRows& rows : service.seed_rows) {
      store.populate([&](Transaction& transaction) {
        std::vector<SqlValue> values;
        for (std::int64_t user = 0; user < population_.users; ++user) {
          values.clear();
          if (rows.row(population_, user, values)) transaction.execute_values(rows.insert, values);
        }
      });
    }
  }
}

RequestKind System::request_kind(const std::string& name, double weight) {
  RequestKind kind;
  kind.name = name;
  kind.weight = weight;
  if (const RequestType* const type = find_request_type(name)) {
    kind.make = [this, type](RandomStream& random, std::uint64_t sequence) {
      // Who comes once comes once in all loads together.
      const std::uint64_t turn = type->users != nullptr ? turns_[type->name]++ : sequence;
      const std::int64_t user = type->user(population_, random, turn);
      if (user < 0) return PreparedRequest{};
      return PreparedRequest{&type->rpc, type->make(random, user, turn)};
    };
    kind.renew = type->renew;
    return kind;
  }
  auto& text = *texts_.emplace_back(std::make_unique<std::string>(name));
  const auto dot = text.find('.');
  const RpcName* const entry =
      entries_
          .emplace_back(std::make_unique<RpcName>(RpcName{
              std::string_view(text).substr(0, dot), std::string_view(text).substr(dot + 1), ""}))
          .get();
  kind.make = [entry](RandomStream&, std::uint64_t) { return PreparedRequest{entry, Payload()}; };
  return kind;
}

void System::add_workload(const ScenarioWorkload& workload) {
  WorkloadSpec spec;
  spec.load = workload;
  if (!workload.workflow.empty()) spec.mix.push_back(workflow_request(workload));
  for (const auto& [name, weight] : workload.mix) spec.mix.push_back(request_kind(name, weight));
  const auto& clients = world_->replicas(world_->service_named(kClients));
  std::vector<ProcessId> own;
  for (int i = 0; i < workload.hosts.value_or(1); ++i) own.push_back(clients[client_hosts_++]);
  workloads_.push_back(std::make_unique<Workload>(*runtime_, std::move(own), std::move(spec)));
}

void System::start_processes() {
  const auto start_all = [this](bool databases) {
    for (std::uint32_t i = 0; i < world_->process_count(); ++i) {
      const std::string_view service =
          world_->names().text(world_->service_name(world_->process(ProcessId(i)).service));
      if (is_database(service) == databases) world_->start(ProcessId(i));
    }
  };
  start_all(true);
  start_all(false);
}

void System::start_load() {
  for (const auto& workload : workloads_) workload->start();
}
void System::stop_load() {
  for (const auto& workload : workloads_) workload->stop();
}
std::uint64_t System::open_requests() const {
  std::uint64_t open = 0;
  for (const auto& workload : workloads_) open += workload->open();
  return open;
}

std::vector<std::string> System::unjudged_workflows() const {
  return soundcheck::unjudged_workflows(scenario_, statements_);
}

Duration System::longest_saga() const {
  return orchestrator_ == nullptr ? Duration()
                                  : soundcheck::longest_saga(scenario_, orchestrator_->definitions);
}

}  // namespace soundcheck
