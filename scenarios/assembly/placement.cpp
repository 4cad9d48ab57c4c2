#include "scenarios/assembly/placement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/registry/registry.hpp"
#include "scenarios/assembly/workflows.hpp"

namespace soundcheck {
namespace {

constexpr const char* kOutside = "internet";
constexpr std::string_view kDatabaseSuffix = ".database";

LinkSpec link_of(const ScenarioLink& link) {
  return {link.latency, link.bandwidth.in_bytes_per_second()};
}

class Builder {
 public:
  explicit Builder(const Scenario& scenario) : scenario_(scenario) {
    Platform& platform = placement_.platform;
    for (const auto& [name, region] : scenario.topology.regions) {
      platform.regions.push_back({name, link_of(region.wide_area)});
    }
    for (const auto& [name, zone] : scenario.topology.zones) {
      platform.zones.push_back({name, region_named(zone.region), link_of(zone.backbone)});
      pools_.push_back({});
      for (int i = 0; i < zone.hosts.value_or(0); ++i) {
        const ZoneId id(static_cast<std::uint32_t>(platform.zones.size() - 1));
        pools_.back().hosts.push_back(add_host(fmt::format("{}-{}", name, i), id));
      }
    }
    // The internet is no single link: nobody there is in the way of anybody.
    platform.regions.push_back({kOutside, {Duration::milliseconds(5), 1.25e9, false}});
    outside_ = ZoneId(static_cast<std::uint32_t>(platform.zones.size()));
    platform.zones.push_back({kOutside,
                              RegionId(static_cast<std::uint32_t>(platform.regions.size() - 1)),
                              {Duration(), 1.25e10, false}});
    pools_.push_back({});
  }

  void add_service(const std::string& name) { placement_.services.push_back(name); }

  // One host that stands for as many as there are clients shares its links with nobody.
  void add_clients(const ScenarioWorkload& workload) {
    const std::string name = fmt::format("{}-{}", kClients, workload.name);
    for (int i = 0; i < workload.hosts.value_or(1); ++i) {
      const std::string own =
          workload.hosts.value_or(1) == 1 ? name : fmt::format("{}-{}", name, i);
      add_process(kClients, own, outside_);
      HostSpec& host = placement_.platform.hosts.back();
      if (workload.link) host.up = host.down = link_of(*workload.link);
      host.up.shared = host.down.shared = workload.hosts.has_value();
    }
  }

  void add_process(const std::string& service, const std::string& name, ZoneId zone) {
    placement_.processes.push_back({service, name, host_for(name, zone)});
  }

  void add_replicas(const std::string& name, const ScenarioService& service) {
    add_service(name);
    const HostId packed = *service.spread == Spread::kPacked && service.replicas > 1
                              ? host_for(name + "-host", zone_of(service, 0))
                              : HostId();
    for (int i = 0; i < service.replicas; ++i) {
      const std::string process = fmt::format("{}-{}", name, i);
      const ZoneId zone = zone_of(service, i);
      placement_.processes.push_back(
          {name, process, packed.valid() ? packed : host_for(process, zone)});
    }
  }

  ZoneId zone_of(const ScenarioService& service, int replica) const {
    const auto zones = static_cast<int>(scenario_.topology.zones.size());
    if (!service.zone.empty()) {
      const auto names = scenario_.topology.zones.names();
      return ZoneId(
          static_cast<std::uint32_t>(std::ranges::find(names, service.zone) - names.begin()));
    }
    return ZoneId(
        static_cast<std::uint32_t>(*service.spread == Spread::kZones ? replica % zones : 0));
  }

  ZoneId outside() const { return outside_; }
  Placement take() { return std::move(placement_); }

 private:
  struct Pool {
    std::vector<HostId> hosts;  // a zone of a fixed number of hosts
    std::size_t next = 0;
  };

  RegionId region_named(const std::string& name) const {
    const auto names = scenario_.topology.regions.names();
    return RegionId(static_cast<std::uint32_t>(std::ranges::find(names, name) - names.begin()));
  }

  HostId add_host(std::string name, ZoneId zone) {
    HostSpec host;
    host.name = std::move(name);
    host.zone = zone;
    host.cores = scenario_.hosts.cores;
    host.speed = scenario_.hosts.speed;
    host.sharing = scenario_.hosts.cpu;
    host.up = host.down = link_of(scenario_.hosts.link);
    host.disk_read_bytes_per_second = host.disk_write_bytes_per_second =
        scenario_.hosts.disk.in_bytes_per_second();
    placement_.platform.hosts.push_back(std::move(host));
    return HostId(static_cast<std::uint32_t>(placement_.platform.hosts.size() - 1));
  }

  HostId host_for(const std::string& process, ZoneId zone) {
    Pool& pool = pools_[zone.index()];
    if (pool.hosts.empty()) return add_host(process, zone);
    return pool.hosts[pool.next++ % pool.hosts.size()];
  }

  const Scenario& scenario_;
  Placement placement_;
  std::vector<Pool> pools_;
  ZoneId outside_;
};

bool touches_rows(const std::vector<DeclaredStep>& steps) {
  return std::ranges::any_of(steps, [](const DeclaredStep& step) {
    return step.kind == DeclaredStep::Kind::kRead || step.kind == DeclaredStep::Kind::kWrite ||
           touches_rows(step.steps);
  });
}

bool keeps_data(const std::string& name, const ScenarioService& service) {
  if (service.declared) {
    return std::ranges::any_of(service.declared->endpoints,
                               [](const auto& endpoint) { return touches_rows(endpoint.second); });
  }
  const ServiceBlueprint* const blueprint = find_service(name);
  return blueprint != nullptr && !blueprint->schema.empty();
}

}  // namespace

std::string database_of(const std::string& service) {
  return service + std::string(kDatabaseSuffix);
}

bool is_database(std::string_view service) {
  return service.ends_with(kDatabaseSuffix);
}

Placement place(const Scenario& scenario) {
  Builder builder(scenario);
  builder.add_service(kClients);
  for (const ScenarioWorkload& workload : scenario.workload) builder.add_clients(workload);
  if (!person_scripts(scenario).empty()) {
    builder.add_service(kPeople);
    builder.add_process(kPeople, kPeople, builder.outside());
  }
  for (const auto& [name, service] : scenario.services) builder.add_replicas(name, service);
  for (const auto& [name, service] : scenario.services) {
    if (!keeps_data(name, service)) continue;
    builder.add_service(database_of(name));
    builder.add_process(database_of(name), database_of(name), builder.zone_of(service, 0));
  }
  if (scenario.architecture == kOwnArchitecture) return builder.take();
  for (const ServiceBlueprint& party : registered_services()) {
    if (!party.outside) continue;
    builder.add_service(party.name);
    builder.add_process(party.name, party.name, builder.outside());
    if (party.schema.empty()) continue;
    builder.add_service(database_of(party.name));
    builder.add_process(database_of(party.name), database_of(party.name), builder.outside());
  }
  return builder.take();
}

}  // namespace soundcheck
