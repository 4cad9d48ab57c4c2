#include <gtest/gtest.h>

#include "reports/summary/summary.hpp"
#include "reports/text/text_table.hpp"
#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST_F(JudgedInvariants, AreSummedUpInAHundredColumnsWithTheReplayLast) {
  Expectations expectations;
  Objective during = objective("subscribe", Period::kFaults);
  during.success = Bound<Percentage>{Comparison::kAtLeast, Percentage::of(0.95)};
  expectations.objectives = {during};
  expectations.recovery.within = 30_s;
  const RunReport report = play(true, expectations);
  const std::string replay = "soundcheck run scenarios/payments-outage.yaml --seed 7";
  const std::string text = summary_text(report, {}, {"runs/payments-outage/7", replay});
  EXPECT_TRUE(text.starts_with("FAIL: 1 saga inconsistent")) << text;
  EXPECT_TRUE(text.ends_with("\n" + replay + "\n"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("✗  no saga inconsistent"), std::string::npos) << text;
  EXPECT_NE(text.find("F2 (network.partition payments | auth) never struck"), std::string::npos);
  EXPECT_LT(text.find("✗  S1"), text.find("✓  all other invariants"));
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    EXPECT_LE(columns_of_text(text.substr(start, end - start)), 100U)
        << text.substr(start, end - start);
    start = end + 1;
  }
  const std::string coloured = summary_text(report, {.colour = true}, {"", replay});
  EXPECT_TRUE(coloured.starts_with("\x1b[31mFAIL\x1b[0m: 1 saga"));
}

}  // namespace
}  // namespace soundcheck
