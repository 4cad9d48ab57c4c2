#include "sim/core/distribution.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/core/assert.hpp"
#include "sim/core/distribution_normal.hpp"
#include "sim/core/math.hpp"

namespace soundcheck {
namespace {

constexpr double kNormalQuantile99 = 2.3263478740408408;  // normal_quantile(0.99)
constexpr double kSqrtTwoPi = 2.5066282746310002;

double in_nanoseconds(Duration duration) {
  return static_cast<double>(duration.count());
}

Duration rounded(double nanoseconds) {
  if (!(nanoseconds > 0)) return Duration();
  if (nanoseconds >= 9.2e18) return Duration::max();
  return Duration::nanoseconds(static_cast<std::int64_t>(nanoseconds + 0.5));
}

// Uniform strictly between 0 and 1.
double open_uniform(RandomStream& random) {
  return (static_cast<double>(random.bits() >> 12) + 0.5) * 0x1.0p-52;
}

double standard_normal(RandomStream& random) {
  return normal_quantile(open_uniform(random));
}

}  // namespace

Distribution Distribution::constant(Duration value) {
  SOUNDCHECK_ASSERT(value >= Duration(), "a constant of {} ns", value.count());
  Distribution d;
  d.first_ = value;
  return d;
}

Distribution Distribution::exponential(Duration mean) {
  SOUNDCHECK_ASSERT(mean > Duration(), "an exponential mean of {} ns", mean.count());
  Distribution d;
  d.kind_ = Kind::kExponential;
  d.first_ = mean;
  d.scale_ = in_nanoseconds(mean);
  return d;
}

Distribution Distribution::lognormal(Duration median, Duration p99) {
  SOUNDCHECK_ASSERT(median > Duration() && p99 >= median, "median {} ns, p99 {} ns", median.count(),
                    p99.count());
  Distribution d;
  d.kind_ = Kind::kLognormal;
  d.first_ = median;
  d.second_ = p99;
  d.scale_ = in_nanoseconds(median);
  d.spread_ = deterministic_log(in_nanoseconds(p99) / in_nanoseconds(median)) / kNormalQuantile99;
  return d;
}

Distribution Distribution::normal(Duration mean, Duration deviation) {
  SOUNDCHECK_ASSERT(mean > Duration() && deviation > Duration(), "mean {} ns, deviation {} ns",
                    mean.count(), deviation.count());
  Distribution d;
  d.kind_ = Kind::kNormal;
  d.first_ = mean;
  d.second_ = deviation;
  d.scale_ = in_nanoseconds(mean);
  d.spread_ = in_nanoseconds(deviation);
  d.offset_ = normal_probability(-d.scale_ / d.spread_);  // the share below zero, cut off
  return d;
}

Distribution Distribution::uniform(Duration minimum, Duration maximum) {
  SOUNDCHECK_ASSERT(minimum >= Duration() && maximum >= minimum, "from {} ns to {} ns",
                    minimum.count(), maximum.count());
  Distribution d;
  d.kind_ = Kind::kUniform;
  d.first_ = minimum;
  d.second_ = maximum;
  d.scale_ = in_nanoseconds(maximum - minimum);
  d.offset_ = in_nanoseconds(minimum);
  return d;
}

Distribution Distribution::gamma(Duration mean, double cv) {
  SOUNDCHECK_ASSERT(mean > Duration() && cv > 0, "mean {} ns, cv {}", mean.count(), cv);
  Distribution d;
  d.kind_ = Kind::kGamma;
  d.first_ = mean;
  d.number_ = cv;
  const double shape = 1.0 / (cv * cv);
  d.scale_ = in_nanoseconds(mean) * (cv * cv);
  // Marsaglia and Tsang sample shapes of at least 1; smaller ones are drawn with shape + 1 and a
  // correction.
  d.offset_ = (shape < 1.0 ? shape + 1.0 : shape) - 1.0 / 3.0;
  d.spread_ = 1.0 / std::sqrt(9.0 * d.offset_);
  return d;
}

Distribution Distribution::pareto(Duration minimum, double shape) {
  SOUNDCHECK_ASSERT(minimum > Duration() && shape > 0, "minimum {} ns, shape {}", minimum.count(),
                    shape);
  Distribution d;
  d.kind_ = Kind::kPareto;
  d.first_ = minimum;
  d.number_ = shape;
  d.scale_ = in_nanoseconds(minimum);
  d.spread_ = -1.0 / shape;
  return d;
}

Distribution Distribution::empirical(std::vector<Duration> values) {
  SOUNDCHECK_ASSERT(!values.empty(), "a distribution of {} values", values.size());
  double sum = 0;
  for (const Duration value : values) {
    SOUNDCHECK_ASSERT(value >= Duration(), "{} ns is negative", value.count());
    sum += in_nanoseconds(value);
  }
  Distribution d;
  d.kind_ = Kind::kEmpirical;
  d.scale_ = sum / static_cast<double>(values.size());
  d.values_ = std::make_shared<const std::vector<Duration>>(std::move(values));
  return d;
}

Duration Distribution::sample(RandomStream& random) const {
  switch (kind_) {
    case Kind::kConstant:
      return first_;
    case Kind::kExponential:
      return rounded(-scale_ * deterministic_log(random.uniform_positive()));
    case Kind::kLognormal:
      return rounded(scale_ * deterministic_exp(spread_ * standard_normal(random)));
    case Kind::kNormal: {
      const double p = offset_ + (1.0 - offset_) * open_uniform(random);
      return p < 1.0 ? rounded(scale_ + spread_ * normal_quantile(p)) : rounded(scale_);
    }
    case Kind::kUniform:
      return rounded(offset_ + scale_ * random.uniform());
    case Kind::kGamma:
      return rounded(scale_ * draw_gamma(random));
    case Kind::kPareto:
      return rounded(scale_ * deterministic_pow(random.uniform_positive(), spread_));
    case Kind::kEmpirical:
      return (*values_)[random.below((*values_).size())];
  }
  __builtin_unreachable();
}

// G. Marsaglia, W. W. Tsang: A simple method for generating gamma variables. ACM TOMS 26 (2000).
double Distribution::draw_gamma(RandomStream& random) const {
  const double shape = 1.0 / (number_ * number_);
  for (;;) {
    const double x = standard_normal(random);
    const double root = 1.0 + spread_ * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = random.uniform_positive();
    const bool accepted =
        u < 1.0 - 0.0331 * (x * x) * (x * x) ||
        deterministic_log(u) < 0.5 * x * x + offset_ * (1.0 - v + deterministic_log(v));
    if (!accepted) continue;
    if (shape >= 1.0) return offset_ * v;
    return offset_ * v * deterministic_pow(random.uniform_positive(), 1.0 / shape);
  }
}

Duration Distribution::mean() const {
  switch (kind_) {
    case Kind::kConstant:
    case Kind::kExponential:
    case Kind::kGamma:
      return first_;
    case Kind::kLognormal:
      return rounded(scale_ * deterministic_exp(0.5 * spread_ * spread_));
    case Kind::kNormal: {
      const double cut = scale_ / spread_;
      const double density = deterministic_exp(-0.5 * cut * cut) / kSqrtTwoPi;
      return rounded(scale_ + spread_ * density / (1.0 - offset_));
    }
    case Kind::kUniform:
      return rounded(offset_ + 0.5 * scale_);
    case Kind::kPareto:
      return number_ > 1.0 ? rounded(scale_ * number_ / (number_ - 1.0)) : Duration::max();
    case Kind::kEmpirical:
      return rounded(scale_);
  }
  __builtin_unreachable();
}

namespace {

std::string text_of_values(const std::vector<Duration>& values) {
  std::string text = "empirical(";
  for (const Duration value : values) {
    if (text.back() != '(') text += ", ";
    text += to_text(value);
  }
  return text + ")";
}

}  // namespace

std::string to_text(const Distribution& d) {
  using Kind = Distribution::Kind;
  const std::string first = to_text(d.first_);
  const std::string second = to_text(d.second_);
  switch (d.kind_) {
    case Kind::kConstant:
      return first;
    case Kind::kExponential:
      return fmt::format("exponential({})", first);
    case Kind::kLognormal:
      return fmt::format("lognormal(median {}, p99 {})", first, second);
    case Kind::kNormal:
      return fmt::format("normal({}, {})", first, second);
    case Kind::kUniform:
      return fmt::format("uniform({}, {})", first, second);
    case Kind::kGamma:
      return fmt::format("gamma(mean {}, cv {})", first, to_text(d.number_));
    case Kind::kPareto:
      return fmt::format("pareto(min {}, shape {})", first, to_text(d.number_));
    case Kind::kEmpirical:
      return text_of_values(*d.values_);
  }
  __builtin_unreachable();
}

}  // namespace soundcheck
