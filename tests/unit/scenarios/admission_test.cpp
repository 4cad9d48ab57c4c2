// Rate limits from the scenario file to the verdict.
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

RunReport run_with_door(const std::string& policies) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path)
      << "soundcheck: 1\narchitecture: own\nfidelity: direct\nduration: 10s\n"
         "services:\n"
         "  door: { replicas: 1, "
      << policies
      << "declared: { endpoints: { get: [ { compute: 1ms } ] } } }\n"
         "workload: [ { arrivals: every 50ms } ]\n"
         "expect: { slo: [ { success: \">= 51.4%\" }, { success: \"<= 53%\" } ] }\n";
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  return run.report();
}

// Of some 200 requests in 10 s, a bucket of 5 that gets 10 tokens a second lets 103 to 105 in: the
// first one comes late, it connects.
TEST(Admission, OfAScenarioLetsItsRateAndItsBurstIn) {
  const RunReport limited = run_with_door("admission: [token-bucket(10/s, burst 5)], ");
  EXPECT_EQ(limited.exit_code, ExitCode::kPass) << limited.sentence;
  EXPECT_EQ(run_with_door("").exit_code, ExitCode::kObjectiveMissed);
}

}  // namespace
}  // namespace soundcheck
