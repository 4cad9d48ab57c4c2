#include "scenarios/assembly/run_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "faults/fault_spec.hpp"
#include "models/database/databases.hpp"
#include "models/orchestrator/service/failures.hpp"
#include "models/registry/registry.hpp"
#include "scenarios/assembly/placement.hpp"
#include "sim/core/assert.hpp"
#include "sim/kernel/host_use.hpp"

namespace soundcheck {
namespace {

std::string target_text(const FaultTarget& target) {
  if (target.from || target.to)
    return fmt::format("{} -> {}", target.from.value_or("all"), target.to.value_or("all"));
  if (target.database) return *target.database + ".database";
  for (const auto* name : {&target.service, &target.host, &target.zone, &target.region}) {
    if (*name) return **name;
  }
  return "all";
}

// Whether the kind's own parameters leave to chance what of its victims it hits.
bool hits_by_chance(const Settings& settings) {
  if (settings.empty()) return false;
  const ParameterNode node = settings.table()->print(settings.object());
  const ParameterNode::Entry* const probability = node.find("probability");
  return probability != nullptr && probability->value.text != to_text(Probability::always());
}

// Who is on a host: one service, or several that are called by the host's name.
std::vector<std::string> owners_of_hosts(World& world) {
  const Platform& platform = world.platform();
  std::vector<std::string> owners(platform.hosts.size());
  for (std::uint32_t i = 0; i < world.process_count(); ++i) {
    const Process& process = world.process(ProcessId(i));
    const std::string service(world.names().text(world.service_name(process.service)));
    std::string& owner = owners[process.host.index()];
    owner = owner.empty() || owner == service ? service : platform.hosts[process.host.index()].name;
  }
  return owners;
}

void add_host(World& world, HostId host, const std::string& owner, std::vector<Resource>& all) {
  const auto& kernel = dynamic_cast<const HostMeters&>(world.kernel());
  const HostSpec& spec = world.platform().hosts[host.index()];
  all.push_back({.kind = ResourceKind::kCores,
                 .owner = owner,
                 .capacity = static_cast<double>(spec.cores),
                 .total = [&kernel, host](Time at) { return kernel.use(host).cores.total(at); }});
  all.push_back({.kind = ResourceKind::kDisk, .owner = owner, .total = [&kernel, host](Time at) {
                   return kernel.use(host).disk.total(at);
                 }});
  if (!spec.up.shared) return;  // each client's own, which none fills for another
  // The busier of both directions.
  all.push_back(
      {.kind = ResourceKind::kLink, .owner = owner, .total = [&kernel, &spec, host](Time) {
         const HostUse& use = kernel.use(host);
         const double up = static_cast<double>(use.bytes_sent) / spec.up.bytes_per_second;
         const double down = static_cast<double>(use.bytes_received) / spec.down.bytes_per_second;
         return UsageMeter::Total{.used = std::max(up, down)};
       }});
}

std::vector<std::string> clients_of_databases(System& system) {
  std::vector<std::string> clients;
  World& world = system.world();
  for (std::uint32_t i = 0; i < world.service_count(); ++i) {
    std::string name(world.names().text(world.service_name(ServiceId(i))));
    if (world.service_named(database_of(name)).valid()) clients.push_back(std::move(name));
  }
  return clients;
}

}  // namespace

std::vector<FaultFact> fault_facts_of(const Scenario& scenario) {
  std::vector<FaultFact> facts;
  for (const FaultSpec& fault : scenario.faults) {
    const bool by_chance = fault.when && fault.when->chance < Probability::always();
    facts.push_back({.number = static_cast<std::int64_t>(facts.size()),
                     .kind = fault.kind,
                     .target = target_text(fault.target),
                     .name = fault.name,
                     .by_chance = by_chance,
                     .hits_by_chance = hits_by_chance(fault.settings),
                     .may_miss = fault.may_miss});
  }
  return facts;
}

std::vector<Resource> resources_of(const Scenario& scenario, System& system) {
  World& world = system.world();
  std::vector<Resource> all;
  const std::vector<std::string> owners = owners_of_hosts(world);
  for (std::uint32_t i = 0; i < owners.size(); ++i) {
    if (!owners[i].empty()) add_host(world, HostId(i), owners[i], all);
  }
  for (const std::string& client : clients_of_databases(system)) {
    for (const ProcessId process : world.replicas(world.service_named(client))) {
      const UsageMeter& meter = system.databases()->pool_use(process);
      all.push_back({.kind = ResourceKind::kConnections,
                     .owner = client,
                     .capacity = static_cast<double>(meter.capacity()),
                     .total = [&meter](Time at) { return meter.total(at); }});
    }
  }
  const auto add_workers = [&all](const std::string& service, double workers) {
    all.push_back(
        {.kind = ResourceKind::kWorkers, .owner = service, .capacity = workers, .total = {}});
  };
  for (const auto& [name, service] : scenario.services)
    add_workers(name, static_cast<double>(service.workers) * service.replicas);
  if (scenario.architecture == kOwnArchitecture) return all;
  for (const ServiceBlueprint& party : registered_services()) {
    if (party.outside) add_workers(party.name, static_cast<double>(party.workers));
  }
  return all;
}

std::vector<DatabaseFact> database_facts_of(System& system) {
  std::vector<DatabaseFact> facts;
  World& world = system.world();
  for (const std::string& client : clients_of_databases(system)) {
    const std::string name = database_of(client);
    const ProcessId server = world.replicas(world.service_named(name)).front();
    facts.push_back(
        {.name = name, .client = client, .computed = system.databases()->computed(server)});
  }
  return facts;
}

std::vector<FailureReason> failure_reasons_of(System& system) {
  std::vector<FailureReason> reasons;
  World& world = system.world();
  const ServiceId server = world.service_named(database_of(kOrchestrator));
  if (!server.valid()) return reasons;
  StoreCall<decltype(&orchestrator::failures_of)> read(&orchestrator::failures_of);
  const auto ending =
      system.databases()->store(world.replicas(server).front()).read(read, TransactionCaller());
  SOUNDCHECK_ASSERT(ending.has_value(), "failures cannot be read: {}", ending.error());
  const auto failures = read.take();
  SOUNDCHECK_ASSERT(failures.has_value(), "failures cannot be read");
  for (const orchestrator::Failure& one : *failures)
    reasons.push_back({one.workflow, one.task, one.status, one.reason, one.count});
  return reasons;
}

}  // namespace soundcheck
