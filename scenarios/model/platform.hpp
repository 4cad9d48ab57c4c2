#pragma once

#include <optional>
#include <string>

#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

// A link: what a message waits for at least, and what all messages share.
struct ScenarioLink {
  Duration latency;
  Bandwidth bandwidth = Bandwidth::gigabits_per_second(10);
  static const ParameterTable<ScenarioLink>& parameters();
};

// What every host of the run is like.
struct ScenarioHosts {
  Sharing cpu = Sharing::kShared;
  int cores = 4;
  double speed = 1.0;
  ScenarioLink link{Duration::microseconds(50), Bandwidth::gigabits_per_second(10)};
  Bandwidth disk = Bandwidth::bytes_per_second(500'000'000);
  static const ParameterTable<ScenarioHosts>& parameters();
};

struct ScenarioRegion {
  ScenarioLink wide_area{Duration::milliseconds(20), Bandwidth::gigabits_per_second(10)};
  static const ParameterTable<ScenarioRegion>& parameters();
};

struct ScenarioZone {
  std::string region = "region-1";
  std::optional<int> hosts;  // empty: one for each replica and database that is placed in the zone
  ScenarioLink backbone{Duration::microseconds(200), Bandwidth::gigabits_per_second(40)};
  static const ParameterTable<ScenarioZone>& parameters();
};

// Stars: a host hangs on its zone by its link, a zone on its region by its backbone, a region on
// the world by its wide area link. After loading there is at least one zone, and every zone's
// region is among the regions.
struct ScenarioTopology {
  Named<ScenarioRegion> regions;
  Named<ScenarioZone> zones;
  static const ParameterTable<ScenarioTopology>& parameters();
};

}  // namespace soundcheck
