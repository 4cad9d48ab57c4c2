// Populations that run out, and populations that do not fit.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/assembly/population.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/assembly/system.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

using testing::HasSubstr;

Checked<Scenario> loaded_population(const std::string& text) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\nfidelity: direct\n" << text;
  return load_scenario(path, {}, reference_catalogue());
}

// 2 a second for a minute: 120, and by chance 4 sqrt(120) = 44 more: 164 newcomers, of which there
// are 7 among 10 users.
constexpr const char* kTwoASecond =
    "duration: 60s\n"
    "workload: [ { arrivals: poisson(2/s), mix: { subscribe: 1 } } ]\n";

TEST(Population, ThatMayRunOutIsAWarningWithTheNumberNeeded) {
  const auto short_of =
      loaded_population(std::string(kTwoASecond) + "population: { users: 100 }\n");
  ASSERT_TRUE(short_of) << short_of.diagnostics.text();
  EXPECT_THAT(short_of.diagnostics.text(),
              HasSubstr("up to 164 users send 'subscribe', each once, and 70 of 100 can"));
  EXPECT_THAT(short_of.diagnostics.text(), HasSubstr("population: { users: 235 }"));
  const auto enough = loaded_population(std::string(kTwoASecond) + "population: { users: 235 }\n");
  EXPECT_EQ(enough.diagnostics.size(), 0U) << enough.diagnostics.text();
}

// The share of the mix, the shape, and all loads together count.
TEST(Population, IsCountedOverAllLoads) {
  const auto both = loaded_population(
      "duration: 60s\npopulation: { users: 235 }\n"
      "workload:\n"
      "  - { name: a, arrivals: poisson(2/s), mix: { subscribe: 1, my-subscription: 1 } }\n"
      "  - { name: b, arrivals: poisson(1/s), mix: { subscribe: 1 } }\n");
  EXPECT_EQ(both.diagnostics.size(), 0U) << both.diagnostics.text();
  const auto more = loaded_population(
      "duration: 60s\npopulation: { users: 235 }\n"
      "workload:\n"
      "  - { name: a, arrivals: poisson(2/s), mix: { subscribe: 1, my-subscription: 1 } }\n"
      "  - { name: b, arrivals: poisson(1/s), mix: { subscribe: 1 }, shape: [[0s, 100%], [60s, "
      "300%]] }\n");
  EXPECT_THAT(more.diagnostics.text(), HasSubstr("the population may run out"));
}

TEST(Population, WithoutAnybodyWhoCanIsAWarning) {
  const auto nobody =
      loaded_population(std::string(kTwoASecond) + "business: { subscribed: 100% }\n");
  EXPECT_THAT(nobody.diagnostics.text(), HasSubstr("0 of 1000 can"));
}

// Seven newcomers come once each, whatever the loads: nobody comes twice, and the report says why
// no more came.
TEST(Population, ThatRunsOutSendsNoMoreAndTheReportSaysSo) {
  const auto scenario = loaded_population(
      "duration: 60s\npopulation: { users: 10 }\n"
      "workload:\n"
      "  - { name: a, arrivals: every 1s, mix: { subscribe: 1 } }\n"
      "  - { name: b, clients: 2, think: 3s, mix: { subscribe: 1 } }\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  class Run run(*scenario, {.seed = 1});
  run.execute();
  const RunReport& report = run.report();
  EXPECT_EQ(report.requests.at(0).overall.started, 7U);
  EXPECT_EQ(report.sagas_started, 7U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kFailedCleanly), 0U);
  const auto said =
      std::ranges::find(report.warnings, "subscribe: not sent, the population has run out",
                        &std::pair<std::string, std::uint64_t>::first);
  ASSERT_NE(said, report.warnings.end());
  EXPECT_GT(said->second, 60U);
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * 4096;
}

TEST(Population, IsEstimatedWithinAThird) {
  for (const char* subscribed : {"0%", "100%"}) {
    const auto scenario = loaded_population(
        fmt::format("population: {{ users: 30000 }}\nbusiness: {{ subscribed: {} }}\n"
                    "workload: [ {{ arrivals: every 1s, mix: {{ my-subscription: 1 }} }} ]\n",
                    subscribed));
    ASSERT_TRUE(scenario) << scenario.diagnostics.text();
    const std::uint64_t before = resident_bytes();
    const System system(*scenario, 1);
    const auto grown = static_cast<double>(resident_bytes() - before);
    const auto estimate = static_cast<double>(bytes_of_population(*scenario));
    EXPECT_LT(grown, 1.5 * estimate + 20e6) << subscribed;
    if (subscribed[0] == '1') EXPECT_GT(grown, 0.6 * estimate) << subscribed;
  }
}

TEST(Population, ThatDoesNotFitIsRefusedWithTheNumber) {
  const auto scenario =
      loaded_population("population: { users: 1000000 }\nbusiness: { subscribed: 0% }\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(too_large_a_population(*scenario, 16'000'000'000), "");
  EXPECT_EQ(too_large_a_population(*scenario, 300'000'000),
            "1000000 users take some 0.6 GB, and 0.3 GB are free: 396000 fit");
  EXPECT_GT(memory_available(), 0U);
}

}  // namespace
}  // namespace soundcheck
