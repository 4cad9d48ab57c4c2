#include "reports/verdict/measure.hpp"

#include <gtest/gtest.h>

#include "reports/text/quantities.hpp"

namespace soundcheck {
namespace {

TEST(Measure, WritesADurationWithTheDigitsThatTellItFromTheLimit) {
  const Bound<Duration> below{Comparison::kLess, 102_ms};
  EXPECT_EQ(measure_duration(102'200_us, below).observed, "102.2 ms");
  EXPECT_EQ(measure_duration(101'960_us, below).observed, "101.96 ms");
  EXPECT_EQ(measure_duration(150'200_us, below).observed, "150 ms") << "no more than needed";
  EXPECT_EQ(measure_duration(102_ms, below).observed, "102 ms") << "it is the limit";
  EXPECT_FALSE(measure_duration(102_ms, below).holds);
  EXPECT_EQ(measure_duration(102'000'001_ns, below).observed, "102.000001 ms");
  const Bound<Duration> minutes{Comparison::kAtMost, 10_min};
  EXPECT_EQ(measure_duration(600'300_ms, minutes).observed, "600.3 s");
  EXPECT_EQ(measure_duration(11_min, minutes).observed, "11m00s");
}

TEST(Measure, WritesAShareWithTheDigitsThatTellItFromTheLimit) {
  const Bound<Percentage> at_least{Comparison::kAtLeast, Percentage::of(0.9995)};
  EXPECT_EQ(measure_share(0.9995 - 1e-6, at_least).observed, "99.9499 %");
  EXPECT_EQ(measure_share(0.998, at_least).observed, "99.80 %");
  EXPECT_EQ(measure_share(1, at_least).observed, "100 %");
  EXPECT_EQ(measure_share(1, at_least).limit, ">= 99.95 %");
}

TEST(Measure, WritesARateWithTheDigitsThatTellItFromTheLimit) {
  const Bound<Rate> at_least{Comparison::kAtLeast, Rate::per_second(200)};
  EXPECT_EQ(measure_rate(199.7, at_least).observed, "199.7/s");
  EXPECT_EQ(measure_rate(180.4, at_least).observed, "180/s");
  EXPECT_EQ(measure_rate(12'345.2, {Comparison::kAtMost, Rate::per_second(12'345)}).observed,
            "12345.2/s");
  EXPECT_EQ(measure_rate(1, {Comparison::kAtLeast, Rate::per_second(200.25)}).limit, ">= 200.25/s");
}

TEST(Measure, KeepsBothNumbersInOneUnit) {
  const Measure measure = measure_duration(102'200_us, {Comparison::kLess, 102_ms}).measure;
  EXPECT_DOUBLE_EQ(measure.value, 102.2);
  EXPECT_DOUBLE_EQ(measure.limit, 102);
  EXPECT_EQ(measure.unit, "ms");
}

// Ten values beyond a percentile, or it scatters: 1,000 for a p99.
TEST(Quantities, SayWhenAPercentileRestsOnFewValues) {
  EXPECT_TRUE(rests_on_few(0.99, 999));
  EXPECT_FALSE(rests_on_few(0.99, 1000));
  EXPECT_TRUE(rests_on_few(0.5, 19));
  EXPECT_FALSE(rests_on_few(0.5, 20));
  EXPECT_FALSE(rests_on_few(0.999, 10'000));
  EXPECT_FALSE(rests_on_few(1, 1)) << "the slowest is the slowest";
}

}  // namespace
}  // namespace soundcheck
