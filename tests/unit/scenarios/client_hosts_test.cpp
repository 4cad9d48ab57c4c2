// Where clients come from: their links are theirs, unless a scenario makes them share some.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

// 200 requests a second of 25 kB each, 40 Mbit/s, to twenty servers: more than one link of 20
// Mbit/s carries, and a tenth of what the servers' links do.
WorkReport requests(const std::string& clients, const std::string& fidelity = "direct") {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << fmt::format(
      "soundcheck: 1\narchitecture: own\nfidelity: {}\nduration: 20s\n"
      "hosts: {{ link: {{ latency: 1ms, bandwidth: 20Mbps }} }}\n"
      "services:\n"
      "  site: {{ replicas: 20, endpoints: {{ page: {{ request: 25kB, reply: 1kB }} }},\n"
      "          declared: {{ endpoints: {{ page: [ {{ sleep: 1ms }} ] }} }} }}\n"
      "workload: [ {{ arrivals: every 5ms, mix: {{ site.page: 1 }}{} }} ]\n"
      "expect: {{ may-fail: true }}\n",
      fidelity, clients);
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {.seed = 1});
  run.execute();
  return run.report().requests.at(0);
}

// 25 kB take 10 ms at 20 Mbit/s, and the way there and back 52.4 ms; a new connection another.
TEST(ClientHosts, EachClientHasALinkOfItsOwn) {
  const WorkReport report = requests("");
  EXPECT_EQ(report.overall.ok, report.overall.ended());
  EXPECT_LT(report.overall.p99.in_seconds(), 0.150);
}

TEST(ClientHosts, ThatAreSharedAreABottleneck) {
  EXPECT_GT(requests(", hosts: 1").overall.p50.in_seconds(), 1);
  EXPECT_LT(requests(", hosts: 4").overall.p99.in_seconds(), 0.200);
}

TEST(ClientHosts, HaveTheLinkThatALoadGivesThem) {
  const auto p50 = [](const char* link) { return requests(link).overall.p50.in_seconds(); };
  const double usual = p50("");
  EXPECT_NEAR(p50(", link: { latency: 31ms, bandwidth: 20Mbps }") - usual, 0.060, 0.003);
  EXPECT_NEAR(p50(", link: { latency: 1ms, bandwidth: 5Mbps }") - usual, 0.030 + 0.0012, 0.003);
  EXPECT_LT(
      requests(", hosts: 1, link: { latency: 1ms, bandwidth: 1Gbps }").overall.p99.in_seconds(),
      0.150);
}

}  // namespace
}  // namespace soundcheck
