#include "sim/core/distribution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <regex>

#include "sim/core/distribution_normal.hpp"

namespace soundcheck {
namespace {

using testing::HasSubstr;

constexpr int kSamples = 200'000;
// Every statistical check below holds with this many standard errors: one false alarm in 10^7 at a
// random seed, none at the fixed seed used here.
constexpr double kStandardErrors = 5.3;

double milliseconds(Duration duration) {
  return duration.in_seconds() * 1e3;
}

// The share of samples at or below each point must match the theoretical probability, and their
// mean the theoretical mean (`deviation` is the theoretical standard deviation; 0 skips the mean).
void expect_fits(const Distribution& distribution, double mean, double deviation,
                 const std::function<double(double)>& probability_below,
                 const std::vector<double>& points) {
  RandomStream random(42, to_text(distribution));
  double sum = 0;
  std::vector<int> below(points.size());
  for (int i = 0; i < kSamples; ++i) {
    const double x = milliseconds(distribution.sample(random));
    ASSERT_GE(x, 0);
    sum += x;
    for (std::size_t k = 0; k < points.size(); ++k) below[k] += x <= points[k] ? 1 : 0;
  }
  if (deviation > 0) {
    EXPECT_NEAR(sum / kSamples, mean, kStandardErrors * deviation / std::sqrt(kSamples))
        << to_text(distribution);
    EXPECT_NEAR(milliseconds(distribution.mean()), mean, mean * 1e-6) << to_text(distribution);
  }
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double p = probability_below(points[k]);
    EXPECT_NEAR(static_cast<double>(below[k]) / kSamples, p,
                kStandardErrors * std::sqrt(p * (1 - p) / kSamples))
        << to_text(distribution) << " at " << points[k] << " ms";
  }
}

double normal_below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

TEST(NormalQuantile, AgreesWithPublishedValues) {
  // Python's statistics.NormalDist().inv_cdf.
  EXPECT_NEAR(normal_quantile(1e-300), -37.0470962993612, 1e-12);
  EXPECT_NEAR(normal_quantile(1e-20), -9.262340089798405, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-9), -5.9978070150076865, 1e-14);
  EXPECT_NEAR(normal_quantile(0.025), -1.9599639845400538, 1e-14);
  EXPECT_NEAR(normal_quantile(0.3), -0.5244005127080407, 1e-15);
  EXPECT_EQ(normal_quantile(0.5), 0.0);
  EXPECT_NEAR(normal_quantile(0.84), 0.9944578832097528, 1e-15);
  EXPECT_NEAR(normal_quantile(0.99), 2.3263478740408408, 1e-14);
  EXPECT_NEAR(normal_quantile(0.9999), 3.7190164854557084, 1e-12);
}

TEST(NormalQuantile, ProbabilityIsItsInverse) {
  EXPECT_NEAR(normal_probability(-10), 7.619853024160593e-24, 1e-35);
  EXPECT_NEAR(normal_probability(-5), 2.866515718791946e-07, 1e-19);
  EXPECT_NEAR(normal_probability(-1), 0.15865525393145707, 1e-15);
  EXPECT_NEAR(normal_probability(0), 0.5, 1e-15);
  EXPECT_NEAR(normal_probability(2.5), 0.9937903346742238, 1e-15);
  EXPECT_EQ(normal_probability(-40), 0.0);
}

TEST(Distribution, ConstantIsAlwaysItsValue) {
  RandomStream random(1, "constant");
  const auto three = Distribution::constant(Duration::milliseconds(3));
  EXPECT_EQ(three.sample(random), Duration::milliseconds(3));
  EXPECT_EQ(three.mean(), Duration::milliseconds(3));
  EXPECT_TRUE(three.is_constant());
  EXPECT_EQ(Distribution().sample(random), Duration());
}

TEST(Distribution, ExponentialFitsItsTheory) {
  expect_fits(Distribution::exponential(Duration::milliseconds(3)), 3, 3,
              [](double x) { return 1 - std::exp(-x / 3); }, {0.1, 1, 2.0794415, 6, 13.8155});
}

TEST(Distribution, LognormalHasItsMedianAndItsP99) {
  const double sigma = std::log(4.0) / 2.3263478740408408;
  const double mean = 3 * std::exp(sigma * sigma / 2);
  expect_fits(Distribution::lognormal(Duration::milliseconds(3), Duration::milliseconds(12)), mean,
              mean * std::sqrt(std::exp(sigma * sigma) - 1),
              [&](double x) { return normal_below(std::log(x / 3) / sigma); },
              {1, 2, 3, 5, 12, 20});
}

TEST(Distribution, NormalIsCutAtZero) {
  expect_fits(Distribution::normal(Duration::milliseconds(200), Duration::milliseconds(40)), 200,
              40, [](double x) { return normal_below((x - 200) / 40); }, {120, 180, 200, 250, 293});
  // Half cut: mean 10, deviation 10. E = mu + sigma phi(1) / Phi(1), by the truncated normal's
  // textbook formula.
  const double kept = normal_below(1);
  const double density = std::exp(-0.5) / std::sqrt(2 * M_PI);
  expect_fits(Distribution::normal(Duration::milliseconds(10), Duration::milliseconds(10)),
              10 + 10 * density / kept, 10,
              [&](double x) { return (normal_below((x - 10) / 10) - (1 - kept)) / kept; },
              {1, 5, 10, 20, 35});
}

TEST(Distribution, UniformFitsItsTheory) {
  expect_fits(Distribution::uniform(Duration::milliseconds(1), Duration::milliseconds(5)), 3,
              4 / std::sqrt(12), [](double x) { return (x - 1) / 4; }, {1.5, 3, 4.9});
}

TEST(Distribution, GammaFitsErlangExponentialAndChiSquare) {
  expect_fits(Distribution::gamma(Duration::milliseconds(4), 0.5), 4,
              2,  // Erlang of 4 phases of 1 ms
              [](double x) { return 1 - std::exp(-x) * (1 + x + x * x / 2 + x * x * x / 6); },
              {1, 2, 4, 8, 10});
  expect_fits(Distribution::gamma(Duration::milliseconds(3), 1.0), 3, 3,
              [](double x) { return 1 - std::exp(-x / 3); }, {0.1, 1, 2, 6, 13});
  // Shape 1/2: the square of a normal draw. P(theta Z^2 / 2 <= x) with theta = 2 * mean.
  expect_fits(Distribution::gamma(Duration::milliseconds(10), std::sqrt(2.0)), 10,
              10 * std::sqrt(2.0), [](double x) { return 2 * normal_below(std::sqrt(x / 10)) - 1; },
              {0.01, 1, 5, 10, 40, 66});
}

TEST(Distribution, GammaOfCvTwoHasMeanAndVarianceOfTheQueueingFormula) {
  const auto service = Distribution::gamma(Duration::milliseconds(100), 2.0);  // cv2 4
  RandomStream random(7, "gamma");
  double sum = 0, squares = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double x = service.sample(random).in_seconds();
    sum += x;
    squares += x * x;
  }
  // Shape 1/4: excess kurtosis 24, so the variance's relative standard error is sqrt(26 / n).
  EXPECT_NEAR(sum / kSamples, 0.1, kStandardErrors * 0.2 / std::sqrt(kSamples));
  EXPECT_NEAR(squares / kSamples - 0.01, 0.04, kStandardErrors * 0.04 * std::sqrt(26.0 / kSamples));
}

TEST(Distribution, ParetoFitsItsTheoryAndKnowsAnInfiniteMean) {
  const double variance = 2.0 * 2.0 * 3.5 / (2.5 * 2.5 * 1.5);
  expect_fits(Distribution::pareto(Duration::milliseconds(2), 3.5), 2 * 3.5 / 2.5,
              std::sqrt(variance), [](double x) { return 1 - std::pow(2 / x, 3.5); },
              {2.1, 2.5, 4, 8});
  EXPECT_EQ(Distribution::pareto(Duration::milliseconds(2), 1.0).mean(), Duration::max());
}

TEST(Distribution, EmpiricalDrawsItsValuesEquallyOften) {
  expect_fits(Distribution::empirical({Duration::milliseconds(1), Duration::milliseconds(2),
                                       Duration::milliseconds(9)}),
              4, std::sqrt(38.0 / 3), [](double x) { return x < 2 ? 1.0 / 3 : 2.0 / 3; }, {1.5, 5});
}

TEST(Distribution, SamplesDependOnSeedAndNameAlone) {
  const auto d = Distribution::lognormal(Duration::milliseconds(3), Duration::milliseconds(12));
  RandomStream a(1, "x"), b(1, "x"), c(2, "x");
  EXPECT_EQ(d.sample(a), d.sample(b));
  EXPECT_NE(d.sample(a), d.sample(c));
  // Bits that must never change: digests of recorded runs hang on them.
  RandomStream golden(1, "golden");
  EXPECT_EQ(d.sample(golden).count(), 1714283);
  EXPECT_EQ(Distribution::gamma(Duration::seconds(1), 2.0).sample(golden).count(), 2243174224);
}

TEST(DistributionText, IsReadByPositionAndByName) {
  const auto lognormal =
      Distribution::lognormal(Duration::milliseconds(3), Duration::milliseconds(12));
  EXPECT_EQ(parse_distribution("lognormal(median 3ms, p99 12ms)"), lognormal);
  EXPECT_EQ(parse_distribution("lognormal(3ms, 12ms)"), lognormal);
  EXPECT_EQ(parse_distribution(" lognormal( p99: 12ms , median=3ms ) "), lognormal);
  EXPECT_EQ(parse_distribution("3ms"), Distribution::constant(Duration::milliseconds(3)));
  EXPECT_EQ(parse_distribution("constant(3ms)"), Distribution::constant(Duration::milliseconds(3)));
  EXPECT_EQ(parse_distribution("gamma(mean 100ms, cv2 4)"),
            Distribution::gamma(Duration::milliseconds(100), 2));
}

TEST(DistributionText, CanonicalTextIsReadBack) {
  for (const char* text :
       {"3ms", "exponential(3ms)", "lognormal(median 3ms, p99 12ms)", "normal(200ms, 40ms)",
        "uniform(1ms, 5ms)", "gamma(mean 4ms, cv 0.5)", "pareto(min 2ms, shape 2.1)"}) {
    const auto distribution = parse_distribution(text);
    ASSERT_TRUE(distribution) << distribution.error();
    EXPECT_EQ(to_text(*distribution), text);
  }
}

std::string error_of(std::string_view text) {
  const auto parsed = parse_distribution(text);
  return parsed ? "no error" : parsed.error();
}

TEST(DistributionText, MistakesAreExplained) {
  EXPECT_EQ(error_of("lognormel(3ms, 12ms)"),
            "'lognormel' is no distribution (did you mean 'lognormal'?); known: constant, "
            "exponential, lognormal, normal, uniform, gamma, pareto, empirical");
  EXPECT_EQ(error_of("lognormal(3ms)"),
            "lognormal lacks its argument 'p99'; write it like lognormal(median 3ms, p99 12ms)");
  EXPECT_EQ(error_of("lognormal(medain 3ms, p99 12ms)"),
            "lognormal has no argument 'medain' (did you mean 'median'?); write it like "
            "lognormal(median 3ms, p99 12ms)");
  EXPECT_EQ(
      error_of("exponential(3)"),
      "mean of exponential: '3' has no unit: a duration is written like 300ms (units: ns, us, "
      "ms, s, m, h, d)");
  EXPECT_EQ(error_of("exponential(3ms"),
            "the brackets of 'exponential(3ms' do not close at its end; write it like "
            "exponential(3ms)");
  EXPECT_EQ(error_of("lognormal(12ms, 3ms)"), "lognormal: the p99 lies below the median");
  EXPECT_EQ(error_of("uniform(5ms, 1ms)"), "uniform: the maximum lies below the minimum");
  EXPECT_EQ(error_of("gamma(4ms)"), "gamma: give either cv or cv2 (its square)");
  EXPECT_EQ(error_of("gamma(4ms, cv 0)"), "cv of gamma: '0' must be above zero");
  EXPECT_EQ(error_of("-3ms"), "'-3ms' is negative");
  EXPECT_EQ(error_of("exponential(0s)"), "mean of exponential: zero is not possible");
  EXPECT_THAT(error_of("exponential(1ms, 2ms)"), HasSubstr("too many arguments"));
  EXPECT_THAT(error_of("exponential(1ms, mean 2ms)"), HasSubstr("given twice"));
  EXPECT_THAT(error_of("uniform(1ms,,5ms)"), HasSubstr("empty"));
  EXPECT_THAT(error_of("3"), HasSubstr("has no unit"));
  for (const char* text : {"", "()", "(3ms)", "exponential()", "exponential(3ms)x",
                           "exponential((3ms))", "gamma(4ms, cv 1e9)", "pareto(2ms, -1)"}) {
    EXPECT_FALSE(parse_distribution(text)) << text;
  }
}

// An editor must not flag what is read.
TEST(DistributionText, PatternTakesWhatIsReadInEveryForm) {
  const std::regex pattern(distribution_pattern());
  for (const char* text : {"0s",
                           "3ms",
                           " 1m30s ",
                           "2.5 us",
                           "1h 30m",
                           "3\u00b5s",
                           "constant(0s)",
                           "constant( 3ms )",
                           "constant(value 3ms)",
                           "exponential(3ms)",
                           "exponential(mean 1h30m)",
                           "lognormal(3ms, 12ms)",
                           "lognormal(median 3ms, p99 12ms)",
                           "lognormal(p99: 12ms , median=3ms )",
                           "normal(200ms,40ms)",
                           "normal(mean 200ms, deviation = 40ms)",
                           "uniform(0s, 5ms)",
                           "uniform(max 5ms, min 1ms)",
                           "gamma(mean 4ms, cv 0.5)",
                           "gamma(mean 2ms, cv2 1e-1)",
                           "gamma(2ms, 0.5)",
                           "gamma(cv2 4, mean 100ms)",
                           "pareto(min 2ms, shape 2.1)",
                           "pareto(2ms, 3)",
                           "empirical(1ms)",
                           "empirical(1ms, 3ms, 9ms)"}) {
    EXPECT_TRUE(parse_distribution(text)) << text;
    EXPECT_TRUE(std::regex_match(text, pattern)) << text;
  }
  EXPECT_TRUE(std::regex_match("empirical(latency.csv)", pattern));
  // What YAML leaves of the value in { cpu: uniform(1ms, 5ms) }.
  for (const char* cut : {"uniform(1ms", "gamma(mean 4ms", "empirical(1ms"})
    EXPECT_TRUE(std::regex_match(cut, pattern)) << cut;
}

TEST(DistributionText, PatternRefusesWhatPeopleMistype) {
  const std::regex pattern(distribution_pattern());
  for (const char* text :
       {"", "3", "-3ms", "soon", "3 parsecs", "exponential(3)", "exponential(3ms", "exponential()",
        "exponential(1ms, 2ms)", "uniform(5ms)", "uniform(1ms, 2ms, 3ms)", "uniform(1ms,,5ms)",
        "lognormal(medain 3ms, p99 12ms)", "lognormel(3ms, 12ms)", "lognormal(3ms, p99 12)",
        "gamma(4ms)", "gamma(4ms, cv x)", "triangular(1ms, 2ms)", "exponential(3ms)x"}) {
    EXPECT_FALSE(parse_distribution(text)) << text;
    EXPECT_FALSE(std::regex_match(text, pattern)) << text;
  }
}

TEST(DistributionText, EmpiricalReadsAFileOfDurations) {
  const auto file = [](std::string content) {
    return [content](const std::string& path) -> Parsed<std::string> {
      if (path != "latency.csv") return std::unexpected("no such file");
      return content;
    };
  };
  const auto two =
      parse_distribution("empirical(latency.csv)", file("latency\r\n1ms\r\n\r\n3ms\r\n"));
  ASSERT_TRUE(two) << two.error();
  EXPECT_EQ(two->mean(), Duration::milliseconds(2));
  EXPECT_EQ(to_text(*two), "empirical(1ms, 3ms)") << "whoever reads it back needs no file";
  const auto again = parse_distribution(to_text(*two));
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->mean(), Duration::milliseconds(2));
  EXPECT_EQ(parse_distribution(" empirical ( 5ms ) ")->mean(), Duration::milliseconds(5));
  EXPECT_EQ(parse_distribution("empirical(1ms, 2)").error(), parse_duration(" 2").error());
  EXPECT_FALSE(parse_distribution("empirical(1ms, -2ms)"));
  EXPECT_FALSE(parse_distribution("empirical(1ms,)"));
  EXPECT_EQ(
      parse_distribution("empirical(latency.csv)", file("1ms\n2\n")).error(),
      "line 2 of latency.csv: '2' has no unit: a duration is written like 300ms (units: ns, us, "
      "ms, s, m, h, d)");
  EXPECT_FALSE(parse_distribution("empirical(latency.csv)", file("")));
  EXPECT_FALSE(parse_distribution("empirical(other.csv)", file("1ms")));
  EXPECT_FALSE(parse_distribution("empirical(latency.csv)"));
}

}  // namespace
}  // namespace soundcheck
