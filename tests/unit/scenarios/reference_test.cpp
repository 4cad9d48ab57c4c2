#include "scenarios/model/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scenarios/example_catalogue.hpp"

namespace soundcheck {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Reference, ExplainsAFaultKindWithItsTargetsAndDefaults) {
  EXPECT_EQ(explain("process.crash", example_catalogue()),
            "process.crash: A process ends at once.\n"
            "  target: service, replica (required: service)\n"
            "  strikes at a moment\n"
            "  restart  time until it is started again [a duration such as 300ms; default 5s]\n");
}

TEST(Reference, ExplainsMistakesSagasAndPartsOfAScenario) {
  EXPECT_THAT(explain("E012", example_catalogue()), StartsWith("E012: an unknown field\n\n"));
  EXPECT_THAT(explain("subscribe", example_catalogue()), HasSubstr("steps: open, charge_payment"));
  EXPECT_THAT(explain("payments", example_catalogue()), HasSubstr("endpoints: charge, refund"));
  EXPECT_THAT(
      explain("services.calls.retry", example_catalogue()),
      HasSubstr(
          "  attempts  attempts in all; 1 means no retry [a whole number, 1 to 1000; default 1]"));
  EXPECT_EQ(explain("nonsense", example_catalogue()), "");
  EXPECT_EQ(explain("", example_catalogue()), "");
}

TEST(Reference, EveryNameThatItListsIsExplained) {
  const auto names = explainable_names(example_catalogue());
  EXPECT_THAT(names, Contains("services.declared"));
  for (const std::string& name : names) EXPECT_NE(explain(name, example_catalogue()), "") << name;
}

TEST(Reference, PagesHoldEveryFieldDownToTheLast) {
  EXPECT_THAT(scenario_reference(), HasSubstr("| `services.NAME.calls.NAME.retry.backoff` |"));
  EXPECT_THAT(scenario_reference(), HasSubstr("| `expect.slo[].p99` |"));
  EXPECT_THAT(fault_reference(example_catalogue()), HasSubstr("## network.delay"));
}

}  // namespace
}  // namespace soundcheck
