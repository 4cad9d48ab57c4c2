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

// A bucket lets in its burst, and its rate times the time from the first request to the last one.
// Those are 9.9 to 9.95 s apart, less what the first one loses by connecting: 5 + 98 or 99 of some
// 200. The bounds are 103 of 200 and 105 of 199, rounded outwards.
TEST(Admission, OfAScenarioLetsItsRateAndItsBurstIn) {
  const RunReport limited = run_with_door("admission: [token-bucket(10/s, burst 5)], ");
  EXPECT_EQ(limited.exit_code, ExitCode::kPass) << limited.sentence;
  EXPECT_EQ(run_with_door("").exit_code, ExitCode::kObjectiveMissed);
}

}  // namespace
}  // namespace soundcheck
