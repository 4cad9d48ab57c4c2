#include "reports/latency/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/core/distribution.hpp"
#include "sim/core/random.hpp"

namespace soundcheck {
namespace {

TEST(Histogram, IsAllZeroWhenEmpty) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.quantile(0.99), Duration());
  EXPECT_EQ(histogram.mean(), Duration());
  EXPECT_EQ(histogram.minimum(), Duration());
  EXPECT_EQ(histogram.maximum(), Duration());
}

TEST(Histogram, IsExactForSmallValuesAndForCountMeanAndExtremes) {
  Histogram histogram;
  for (int i = 1; i <= 200; ++i) histogram.record(Duration::nanoseconds(i));
  EXPECT_EQ(histogram.count(), 200U);
  EXPECT_EQ(histogram.mean(), 101_ns);  // 100.5, rounded
  EXPECT_EQ(histogram.minimum(), 1_ns);
  EXPECT_EQ(histogram.maximum(), 200_ns);
  EXPECT_EQ(histogram.quantile(0.50), 100_ns);
  EXPECT_EQ(histogram.quantile(0.07), 14_ns);
  EXPECT_EQ(histogram.quantile(0.99), 198_ns);
  EXPECT_EQ(histogram.quantile(0), 1_ns);
  EXPECT_EQ(histogram.quantile(1), 200_ns);
}

TEST(Histogram, StaysWithinHalfAPercentOfEverySortedValue) {
  RandomStream random(3, "histogram");
  const Distribution distribution = Distribution::lognormal(3_ms, 400_ms);
  Histogram histogram;
  std::vector<std::int64_t> sorted;
  for (int i = 0; i < 20'000; ++i) {
    const Duration value = distribution.sample(random);
    histogram.record(value);
    sorted.push_back(value.count());
  }
  std::ranges::sort(sorted);
  for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * 20'000)) - 1;
    const auto exact = static_cast<double>(sorted[rank]);
    EXPECT_NEAR(static_cast<double>(histogram.quantile(share).count()), exact, exact * 0.0045)
        << share;
  }
}

TEST(Histogram, FindsTheQuantilesOfTheExponentialDistribution) {
  RandomStream random(5, "exponential");
  const Distribution distribution = Distribution::exponential(100_ms);
  Histogram histogram;
  for (int i = 0; i < 400'000; ++i) histogram.record(distribution.sample(random));
  EXPECT_NEAR(histogram.quantile(0.50).in_seconds(), 0.0693147, 0.0007);  // ln 2 / 10
  EXPECT_NEAR(histogram.quantile(0.99).in_seconds(), 0.4605170, 0.0070);  // ln 100 / 10
  EXPECT_NEAR(histogram.mean().in_seconds(), 0.1, 0.0007);
}

TEST(Histogram, MergesAsIfAllHadBeenRecordedInOne) {
  Histogram all;
  Histogram one;
  Histogram other;
  for (std::int64_t value = 1; value < 1'000'000'000'000; value = value * 3 / 2 + 1) {
    all.record(Duration::nanoseconds(value));
    (value % 2 == 0 ? one : other).record(Duration::nanoseconds(value));
  }
  one.merge(other);
  EXPECT_EQ(one.count(), all.count());
  EXPECT_EQ(one.mean(), all.mean());
  EXPECT_EQ(one.maximum(), all.maximum());
  for (int percent = 0; percent <= 100; ++percent)
    EXPECT_EQ(one.quantile(percent / 100.0), all.quantile(percent / 100.0));
  one.clear();
  EXPECT_TRUE(one.empty());
  EXPECT_EQ(one.quantile(0.5), Duration());
}

TEST(Histogram, TakesTheLongestAndTheImpossible) {
  Histogram histogram;
  histogram.record(Duration::max());
  histogram.record(Duration::nanoseconds(-5));
  EXPECT_EQ(histogram.maximum(), Duration::max());
  EXPECT_EQ(histogram.minimum(), Duration());
  EXPECT_EQ(histogram.count_above(1_s), 1U);
}

}  // namespace
}  // namespace soundcheck
