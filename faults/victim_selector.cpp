#include "faults/victim_selector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "faults/fault_problems.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

template <class Named>
std::optional<std::uint32_t> index_of(const std::vector<Named>& all, std::string_view name) {
  const auto at = std::ranges::find(all, name, &Named::name);
  if (at == all.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - all.begin());
}

template <class Condition>
std::vector<HostId> hosts_where(const Platform& platform, Condition condition) {
  std::vector<HostId> hosts;
  for (std::uint32_t i = 0; i < platform.hosts.size(); ++i) {
    if (condition(i)) hosts.emplace_back(i);
  }
  return hosts;
}

std::vector<HostId> hosts_in_zone(const Platform& platform, std::uint32_t zone) {
  return hosts_where(platform,
                     [&](std::uint32_t i) { return platform.hosts[i].zone == ZoneId(zone); });
}

std::vector<HostId> hosts_in_region(const Platform& platform, std::uint32_t region) {
  return hosts_where(platform, [&](std::uint32_t i) {
    return platform.zones[platform.hosts[i].zone.index()].region == RegionId(region);
  });
}

// The hosts of the zone, region or host of that name, in the forms that are asked for.
std::optional<std::vector<HostId>> hosts_named(const Platform& platform, std::string_view name,
                                               std::initializer_list<TargetForm> forms) {
  for (const TargetForm form : forms) {
    if (form == TargetForm::kZone) {
      if (const auto zone = index_of(platform.zones, name)) return hosts_in_zone(platform, *zone);
    } else if (form == TargetForm::kRegion) {
      const auto region = index_of(platform.regions, name);
      if (region) return hosts_in_region(platform, *region);
    } else if (const auto host = index_of(platform.hosts, name)) {
      return std::vector{HostId(*host)};
    }
  }
  return std::nullopt;
}

}  // namespace

VictimSelector::VictimSelector(World& world, const FaultSpec& spec, Reach reach, RandomStream once)
    : world_(world), reach_(reach), role_(effective_role(spec)) {
  const FaultTarget& target = spec.target;
  const std::optional<std::string> service =
      target.database ? fmt::format("{}.database", *target.database) : target.service;
  if (service) {
    service_ = world.service_named(*service);
    SOUNDCHECK_ASSERT(service_.valid(), "no service {}", *service);
  }
  const std::pair<const std::optional<std::string>*, TargetForm> machines[] = {
      {&target.host, TargetForm::kHost},
      {&target.zone, TargetForm::kZone},
      {&target.region, TargetForm::kRegion}};
  for (const auto& [name, form] : machines) {
    if (!*name) continue;
    hosts_ = hosts_named(world.platform(), **name, {form});
    SOUNDCHECK_ASSERT(hosts_.has_value(), "no {} {}", name_of(form), **name);
  }
  is_route_ = target.from || target.to;
  if (is_route_) {
    if (target.from) from_ = place(*target.from);
    if (target.to) to_ = place(*target.to);
    if (!target.from) from_ = everybody_but(to_);
    if (!target.to) to_ = everybody_but(from_);
  }
  if (target.method) {
    const std::string& callee = service ? *service : target.to.value_or("");
    method_ = world.names().intern(fmt::format("{}.{}", callee, *target.method));
  }
  if (role_.kind == ReplicaRole::Kind::kOne && service_.valid()) {
    const auto& replicas = world.replicas(service_);
    if (!replicas.empty()) one_ = replicas[once.below(replicas.size())];
  }
}

VictimSelector::Processes VictimSelector::everybody() const {
  return everybody_but({});
}

VictimSelector::Processes VictimSelector::everybody_but(const Processes& processes) const {
  std::vector<bool> left_out(world_.process_count());
  for (const ProcessId process : processes) left_out[process.index()] = true;
  Processes others;
  for (std::uint32_t i = 0; i < left_out.size(); ++i) {
    if (!left_out[i]) others.emplace_back(i);
  }
  return others;
}

VictimSelector::Processes VictimSelector::on_hosts(const std::vector<HostId>& hosts) const {
  std::vector<bool> chosen(world_.platform().hosts.size());
  for (const HostId host : hosts) chosen[host.index()] = true;
  Processes processes;
  for (std::uint32_t i = 0; i < world_.process_count(); ++i) {
    if (chosen[world_.process(ProcessId(i)).host.index()]) processes.emplace_back(i);
  }
  return processes;
}

VictimSelector::Processes VictimSelector::place(std::string_view name) const {
  if (const ServiceId service = world_.service_named(name); service.valid()) {
    return world_.replicas(service);
  }
  const auto hosts = hosts_named(world_.platform(), name,
                                 {TargetForm::kZone, TargetForm::kRegion, TargetForm::kHost});
  SOUNDCHECK_ASSERT(hosts.has_value(), "no service, zone, region or host {}", name);
  return on_hosts(*hosts);
}

// Draws from those that run, as many as the role takes of all; in the order of the replicas.
VictimSelector::Processes VictimSelector::draw(RandomStream& random) const {
  const auto& replicas = world_.replicas(service_);
  Processes running;
  for (const ProcessId replica : replicas) {
    if (world_.running(replica)) running.push_back(replica);
  }
  const std::size_t take = std::min(replicas_taken(role_, replicas.size()), running.size());
  // The first `take` steps of Fisher and Yates' shuffle.
  for (std::size_t i = 0; i < take; ++i) {
    std::swap(running[i], running[i + random.below(running.size() - i)]);
  }
  running.resize(take);
  std::ranges::sort(running);
  return running;
}

VictimSelector::Processes VictimSelector::group(ProcessId involved, RandomStream& random) const {
  if (hosts_) return on_hosts(*hosts_);
  if (role_.kind == kInvolved) {
    return involved.valid() ? Processes{involved} : Processes{};
  }
  if (!service_.valid()) return {};
  const auto& replicas = world_.replicas(service_);
  switch (role_.kind) {
    case ReplicaRole::Kind::kAll:
      return replicas;
    case ReplicaRole::Kind::kOne:
      return one_.valid() ? Processes{one_} : Processes{};
    case ReplicaRole::Kind::kIndex:
      return role_.index < replicas.size() ? Processes{replicas[role_.index]} : Processes{};
    default:
      return draw(random);
  }
}

Victims VictimSelector::select(ProcessId involved, RandomStream& random) const {
  Victims victims;
  victims.method = method_;
  if (is_route_) {
    victims.from = from_;
    victims.to = to_;
    return victims;
  }
  Processes processes = group(involved, random);
  switch (reach_) {
    case Reach::kProcesses:
      victims.processes = std::move(processes);
      break;
    case Reach::kHosts:
      if (hosts_) {
        victims.hosts = *hosts_;
        break;
      }
      for (const ProcessId process : processes) {
        const HostId host = world_.process(process).host;
        if (std::ranges::find(victims.hosts, host) == victims.hosts.end()) {
          victims.hosts.push_back(host);
        }
      }
      break;
    case Reach::kRoutes:
      victims.to = everybody_but(processes);
      victims.from = std::move(processes);
      break;
    case Reach::kCalls:
      victims.from = everybody();
      victims.to = std::move(processes);
      break;
  }
  return still_there(std::move(victims));
}

Victims VictimSelector::still_there(Victims victims) const {
  std::erase_if(victims.processes, [&](ProcessId process) { return !world_.running(process); });
  return victims;
}

bool VictimSelector::on_route(const FailpointContext& at) const {
  if (method_.valid() && at.method != method_) return false;
  if (!is_route_) return true;
  const bool at_caller =
      at.failpoint == Failpoint::kRpcRequestSent || at.failpoint == Failpoint::kRpcReplyArrived;
  const auto among = [](const Processes& processes, ProcessId process) {
    return std::ranges::find(processes, process) != processes.end();
  };
  return among(from_, at_caller ? at.process : at.peer) &&
         among(to_, at_caller ? at.peer : at.process);
}

bool VictimSelector::any(const Victims& victims) const {
  switch (reach_) {
    case Reach::kProcesses:
      return !victims.processes.empty();
    case Reach::kHosts:
      return !victims.hosts.empty();
    case Reach::kRoutes:
    case Reach::kCalls:
      return !victims.from.empty() && !victims.to.empty();
  }
  return false;
}

}  // namespace soundcheck
