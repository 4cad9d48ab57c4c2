// Clients that press again, in the built-in architecture.
//
// The situation: darshanturakhia.com/blog/payment-api-double-charge-idempotency.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"

namespace soundcheck {
namespace {

RunReport report_with(const Overrides& overrides) {
  const auto scenario =
      load_scenario(SOUNDCHECK_SOURCE_DIR "/scenarios/canaries/gateway-no-dedupe.yaml", overrides,
                    reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {.seed = 7});
  run.execute();
  return run.report();
}

std::uint64_t violations_of(const RunReport& report, const std::string& invariant) {
  const auto found = std::ranges::find(report.invariants, invariant,
                                       [](const InvariantReport& one) { return one.invariant.id; });
  return found == report.invariants.end() ? 0 : found->result.violations;
}

TEST(ClientsThatPressAgain, StartASecondSagaWhereTheGatewayForgetsTheFirst) {
  const RunReport report = report_with({});
  EXPECT_GT(violations_of(report, "W2"), 0U);
  EXPECT_GT(violations_of(report, "P2"), 0U);
}

TEST(ClientsThatPressAgain, FindTheSagaThatRuns) {
  const RunReport report = report_with({"defects=[]"});
  EXPECT_EQ(violations_of(report, "W2"), 0U);
  EXPECT_EQ(violations_of(report, "P2"), 0U);
  EXPECT_EQ(report.exit_code, ExitCode::kPass);
}

// With another key they are another wish: what stops it is that a user has one subscription.
TEST(ClientsThatPressAgain, WithANewKeyAreTurnedAwayBySubscriptions) {
  const RunReport report = report_with({"defects=[]", "workload.phones.client.key=new"});
  EXPECT_EQ(report.exit_code, ExitCode::kPass);
  EXPECT_GT(report.sagas_in(SagaOutcome::kFailedCleanly), 0U);
}

// A defect that nobody meets: clients that wait, or do not press again.
TEST(ClientsThatPressAgain, AreWhatFindsIt) {
  EXPECT_EQ(violations_of(report_with({"workload.phones.client.retry.attempts=1"}), "W2"), 0U);
}

}  // namespace
}  // namespace soundcheck
