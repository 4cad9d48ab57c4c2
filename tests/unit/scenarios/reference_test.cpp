#include "scenarios/model/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soundcheck {
namespace {

using testing::HasSubstr;

TEST(Reference, PagesHoldEveryFieldDownToTheLast) {
  EXPECT_THAT(scenario_reference(), HasSubstr("| `services.NAME.calls.NAME.retry.backoff` |"));
  EXPECT_THAT(scenario_reference(), HasSubstr("| `expect.slo[].p99` |"));
  EXPECT_THAT(fault_reference(), HasSubstr("## network.delay"));
}

}  // namespace
}  // namespace soundcheck
