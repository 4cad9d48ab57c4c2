#include <gtest/gtest.h>

#include "reports/text/quantities.hpp"

namespace soundcheck {
namespace {

TEST(Quantities, AreWrittenWithThreeDigitsAndTheirUnit) {
  EXPECT_EQ(short_text(999_ns), "999 ns");
  EXPECT_EQ(short_text(52'134_us), "52.1 ms");
  EXPECT_EQ(short_text(999'700_us), "1.00 s");
  EXPECT_EQ(short_text(1240_ms), "1.24 s");
  EXPECT_EQ(short_text(920_s), "15m20s");
  EXPECT_EQ(short_text(25_h), "25h00m");
  EXPECT_EQ(short_text(Time::at(131'204_ms)), "131.204 s");
  EXPECT_EQ(percent_text(0.99999), "99.99 %");
  EXPECT_EQ(percent_text(1), "100 %");
  EXPECT_EQ(percent_text(0.9725), "97.25 %");
  EXPECT_EQ(count_text(1'204'511), "1 204 511");
  EXPECT_EQ(count_text(12), "12");
}

}  // namespace
}  // namespace soundcheck
