#include "scenarios/model/platform.hpp"

namespace soundcheck {

const ParameterTable<ScenarioLink>& ScenarioLink::parameters() {
  static const auto table =
      ParameterTable<ScenarioLink>("link", "A network link.")
          .optional("latency", &ScenarioLink::latency, "time a message takes at least")
          .optional("bandwidth", &ScenarioLink::bandwidth, "shared by all messages on it",
                    above_zero);
  return table;
}

const ParameterTable<ScenarioHosts>& ScenarioHosts::parameters() {
  static const auto table =
      ParameterTable<ScenarioHosts>("hosts", "What every host is like.")
          .optional("cpu", &ScenarioHosts::cpu, "how computations share the cores")
          .optional("cores", &ScenarioHosts::cores, "cores of a host", between(1, 1024))
          .optional("speed", &ScenarioHosts::speed,
                    "of a core: 2 computes in half the time that endpoints state",
                    between(1e-6, 1e6))
          .optional("link", &ScenarioHosts::link, "between a host and its zone")
          .optional("disk", &ScenarioHosts::disk, "what a disk reads or writes", above_zero);
  return table;
}

const ParameterTable<ScenarioRegion>& ScenarioRegion::parameters() {
  static const auto table =
      ParameterTable<ScenarioRegion>("region", "Zones that are near one another.")
          .optional("wide-area", &ScenarioRegion::wide_area,
                    "link between the region and all others");
  return table;
}

const ParameterTable<ScenarioZone>& ScenarioZone::parameters() {
  static const auto table =
      ParameterTable<ScenarioZone>("zone", "Hosts that fail together.")
          .optional("region", &ScenarioZone::region, "the region it lies in")
          .optional("hosts", &ScenarioZone::hosts,
                    "how many hosts; left out: one for each replica placed here",
                    between(1, 1'000'000))
          .optional("backbone", &ScenarioZone::backbone, "link between the zone and its region");
  return table;
}

const ParameterTable<ScenarioTopology>& ScenarioTopology::parameters() {
  static const auto table =
      ParameterTable<ScenarioTopology>("topology", "Regions, zones and the links between them.")
          .optional("regions", &ScenarioTopology::regions, "regions by name")
          .optional("zones", &ScenarioTopology::zones, "zones by name");
  return table;
}

}  // namespace soundcheck
