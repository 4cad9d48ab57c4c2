// The simulator against queueing theory, and the two kernels against each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tests/support/forked.hpp"
#include "tests/support/station.hpp"
#include "tests/support/three_tier.hpp"

namespace soundcheck::test {
namespace {

constexpr int kSeeds = 20;

struct Interval {
  double mean = 0;
  double half_width = 0;  // of 99.9 %
};

// Of independent runs: Student's t with 19 degrees of freedom, 3.883 at 99.9 % on both sides.
Interval interval_of(const std::vector<double>& means) {
  double sum = 0;
  for (const double mean : means) sum += mean;
  const double mean = sum / static_cast<double>(means.size());
  double squares = 0;
  for (const double each : means) squares += (each - mean) * (each - mean);
  const double n = static_cast<double>(means.size());
  return {mean, 3.883 * std::sqrt(squares / (n - 1) / n)};
}

double mean_of(const std::vector<std::int64_t>& values) {
  double sum = 0;
  for (const std::int64_t value : values) sum += static_cast<double>(value) * 1e-9;
  return sum / static_cast<double>(values.size());
}

double quantile_of(std::vector<std::int64_t> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(at)]) * 1e-9;
}

void expect_theory(const StationSpec& spec, double mean, double p99 = 0) {
  std::vector<double> means;
  std::vector<double> tails;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto responses = responses_of(spec, Fidelity::kDirect, seed);
    ASSERT_EQ(responses.size(), spec.requests);
    means.push_back(mean_of(responses));
    if (p99 > 0) tails.push_back(quantile_of(responses, 0.99));
  }
  const Interval interval = interval_of(means);
  EXPECT_NEAR(interval.mean, mean, interval.half_width);
  EXPECT_LE(interval.half_width, 0.02 * mean);
  if (p99 > 0) {
    const Interval tail = interval_of(tails);
    EXPECT_NEAR(tail.mean, p99, tail.half_width);
  }
}

// Sojourn time of M/M/1 is exponential with mean 1 / (mu - lambda) = 1 / (10 - 8) s; p99 = ln(100)
// / 2 s.
TEST(Theory, MM1HasMeanAndTailOfTheFormula) {
  expect_theory({8, Distribution::exponential(100_ms), 1, 200'000}, 0.5, 2.302585);
}

// Erlang C: 10 arrivals an hour, 5 servers of 20 minutes each: 23.92 min.
TEST(Theory, MM5HasTheMeanOfErlangC) {
  expect_theory({10.0 / 3600, Distribution::exponential(20_min), 5, 100'000}, 23.92 * 60 + 0.36);
}

// Pollaczek and Khinchine: W = S + lambda S^2 (1 + cv2) / 2 / (1 - rho).
TEST(Theory, MD1HasTheMeanOfPollaczekAndKhinchine) {
  expect_theory({8, Distribution::constant(100_ms), 1, 200'000}, 0.3);
}
TEST(Theory, MG1WithSquaredVariationFourHasTheMeanOfPollaczekAndKhinchine) {
  expect_theory({8, Distribution::gamma(100_ms, 2.0), 1, 1'000'000}, 1.1);
}

// Erlang B: 80 arrivals a second, 10 servers of 100 ms, none may wait. A refusal is an answer: a
// caller that had to connect anew after it would come back a round trip later, when the station is
// less busy.
TEST(Theory, MM10WithoutAQueueRefusesTheShareOfErlangB) {
  constexpr double kErlangs = 8;
  double blocked = 1;
  for (int servers = 1; servers <= 10; ++servers) {
    blocked = kErlangs * blocked / (servers + kErlangs * blocked);
  }
  const StationSpec spec{.arrivals_per_second = 80,
                         .service = Distribution::exponential(100_ms),
                         .servers = 10,
                         .requests = 100'000,
                         .distance = 20_ms,
                         .takes_in_all = false};
  std::vector<double> shares;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    shares.push_back(refused_share_of(spec, Fidelity::kDirect, seed));
  }
  const Interval interval = interval_of(shares);
  EXPECT_NEAR(interval.mean, blocked, interval.half_width);
  EXPECT_LE(interval.half_width, 0.02 * blocked);
}

std::string bytes_of(const std::vector<std::int64_t>& values) {
  std::string text(values.size() * sizeof(std::int64_t), '\0');
  std::memcpy(text.data(), values.data(), text.size());
  return text;
}

TEST(Kernels, AgreeRequestByRequestOnTheSameStreams) {
  const StationSpec spec{8, Distribution::exponential(100_ms), 2, 2'000};
  const auto direct = responses_of(spec, Fidelity::kDirect, 5);
  const Forked child = run_forked([&] { return bytes_of(responses_of(spec, Fidelity::kFlow, 5)); });
  ASSERT_EQ(child.exit_code, 0) << child.output;
  ASSERT_EQ(child.text.size(), direct.size() * sizeof(std::int64_t));
  for (std::size_t i = 0; i < direct.size(); ++i) {
    std::int64_t flow = 0;
    std::memcpy(&flow, child.text.data() + i * sizeof flow, sizeof flow);
    ASSERT_NEAR(static_cast<double>(direct[i]), static_cast<double>(flow), 10)
        << "request " << i << ", in ns";
  }
}

// tests/bench/README.md derives the exact mean, 53.3565 ms; 53.38 ms is the published figure.
TEST(ThreeTier, HasTheExactMeanInDirect) {
  ThreeTier model(Fidelity::kDirect, 1, 5_ms, 1'000'000);
  MeanResponse mean(model.world().events());
  model.run();
  EXPECT_EQ(mean.succeeded(), 1'000'000u);
  EXPECT_NEAR(mean.milliseconds(), 53.3565, 0.0534);
}
TEST(ThreeTier, HasTheExactMeanInFlow) {
  const Forked child = run_forked([] {
    ThreeTier model(Fidelity::kFlow, 1, 5_ms, 200'000);
    MeanResponse mean(model.world().events());
    model.run();
    EXPECT_EQ(mean.succeeded(), 200'000u);
    EXPECT_NEAR(mean.milliseconds(), 53.3565, 0.0534);
    return std::string();
  });
  EXPECT_EQ(child.exit_code, 0) << child.output;
}

}  // namespace
}  // namespace soundcheck::test
