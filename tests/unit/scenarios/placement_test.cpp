#include "scenarios/assembly/placement.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

Checked<Scenario> load(const std::string& content) {
  const fs::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\n" << content;
  return load_scenario(path, {}, reference_catalogue());
}

// The zones and the number of hosts of a service's replicas.
std::pair<std::set<std::string>, std::size_t> places_of(const std::string& service,
                                                        const std::string& content) {
  const auto scenario = load("topology: { zones: { a: {}, b: {} } }\n" + content);
  EXPECT_TRUE(scenario) << scenario.diagnostics.text();
  const Placement placement = place(*scenario);
  std::set<std::string> zones;
  std::set<std::uint32_t> hosts;
  for (const PlacedProcess& process : placement.processes) {
    if (process.service != service) continue;
    hosts.insert(process.host.index());
    const HostSpec& host = placement.platform.hosts[process.host.index()];
    zones.insert(placement.platform.zones[host.zone.index()].name);
  }
  return {zones, hosts.size()};
}

TEST(Placement, SpreadsReplicasAsTheServiceSays) {
  using Places = std::pair<std::set<std::string>, std::size_t>;
  const auto payments = [](const std::string& fields) {
    return places_of("payments", "services: { payments: { replicas: 4" + fields + " } }\n");
  };
  EXPECT_EQ(payments(""), Places({"a", "b"}, 4));
  EXPECT_EQ(payments(", spread: hosts"), Places({"a"}, 4));
  EXPECT_EQ(payments(", spread: packed"), Places({"a"}, 1));
  EXPECT_EQ(payments(", zone: b"), Places({"b"}, 4));
  EXPECT_EQ(payments(", zone: b, spread: packed"), Places({"b"}, 1));
}

TEST(Placement, ADatabaseServerOfAServiceWithoutDataIsAMistake) {
  const std::string own =
      "architecture: own\nservices: { x: { database: { connections: 5 }, "
      "declared: { endpoints: { get: [ ";
  EXPECT_TRUE(load(own + "read: { rows: 1 } ] } } } }\n"));
  const auto checked = load(own + "compute: 1ms ] } } } }\n");
  ASSERT_EQ(checked.diagnostics.size(), 1U);
  EXPECT_EQ(checked.diagnostics.mistakes()[0].path, "services.x.database");
}

}  // namespace
}  // namespace soundcheck
