#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "faults/fault_definition.hpp"
#include "faults/victims.hpp"
#include "sim/core/random.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Turns the target of a fault, names and roles, into the victims of a strike. Names are looked up
// once; each must exist in the world (asserted).
class VictimSelector {
 public:
  // `once` draws what is the same at each strike.
  VictimSelector(World& world, const FaultSpec& spec, Reach reach, RandomStream once);

  // `involved` is the process that is aimed at; invalid for a fault that is not aimed. Processes
  // that are down are no victims of a role that is drawn, nor of Reach::kProcesses.
  Victims select(ProcessId involved, RandomStream& random) const;
  // The victims of a recorded strike that can still be struck.
  Victims still_there(Victims victims) const;
  // Whether a failpoint of a call belongs to the route of the target, and to its method. True for
  // other targets.
  bool on_route(const FailpointContext& at) const;
  // Whether there is anything to strike.
  bool any(const Victims& victims) const;

  // The service whose process must be the involved one; invalid if any will do.
  ServiceId involved_service() const { return role_.kind == kInvolved ? service_ : ServiceId(); }

 private:
  static constexpr auto kInvolved = ReplicaRole::Kind::kInvolved;
  using Processes = std::vector<ProcessId>;

  Processes everybody() const;
  Processes everybody_but(const Processes& processes) const;
  Processes place(std::string_view name) const;  // a service, zone, region or host
  Processes on_hosts(const std::vector<HostId>& hosts) const;
  std::vector<HostId> hosts_of_target() const;
  Processes draw(RandomStream& random) const;
  Processes group(ProcessId involved, RandomStream& random) const;

  const World& world_;
  Reach reach_;
  ReplicaRole role_;
  ServiceId service_;                         // of a service or database target
  std::optional<std::vector<HostId>> hosts_;  // of a host, zone or region target
  bool is_route_ = false;
  Processes from_;
  Processes to_;
  ProcessId one_;
  NameId method_;
};

}  // namespace soundcheck
