#include "sim/core/distribution_normal.hpp"

#include <cmath>

#include "sim/core/math.hpp"

namespace soundcheck {
namespace {

// Coefficients of the rational approximations of AS 241, highest power first.
constexpr double kCentralAbove[] = {2.5090809287301226727e+3, 3.3430575583588128105e+4,
                                    6.7265770927008700853e+4, 4.5921953931549871457e+4,
                                    1.3731693765509461125e+4, 1.9715909503065514427e+3,
                                    1.3314166789178437745e+2, 3.3871328727963666080e+0};
constexpr double kCentralBelow[] = {5.2264952788528545610e+3, 2.8729085735721942674e+4,
                                    3.9307895800092710610e+4, 2.1213794301586595867e+4,
                                    5.3941960214247511077e+3, 6.8718700749205790830e+2,
                                    4.2313330701600911252e+1, 1.0};
constexpr double kMiddleAbove[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2,
                                   2.41780725177450611770e-1, 1.27045825245236838258e+0,
                                   3.64784832476320460504e+0, 5.76949722146069140550e+0,
                                   4.63033784615654529590e+0, 1.42343711074968357734e+0};
constexpr double kMiddleBelow[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                   1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                   6.89767334985100004550e-1, 1.67638483018380384940e+0,
                                   2.05319162663775882187e+0, 1.0};
constexpr double kFarAbove[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                1.24266094738807843860e-3, 2.65321895265761230930e-2,
                                2.96560571828504891230e-1, 1.78482653991729133580e+0,
                                5.46378491116411436990e+0, 6.65790464350110377720e+0};
constexpr double kFarBelow[] = {2.04426310338993978564e-15, 1.42151175831644588870e-7,
                                1.84631831751005468180e-5,  7.86869131145613259100e-4,
                                1.48753612908506148525e-2,  1.36929880922735805310e-1,
                                5.99832206555887937690e-1,  1.0};

double ratio(const double (&above)[8], const double (&below)[8], double x) {
  double numerator = above[0];
  double denominator = below[0];
  for (int i = 1; i < 8; ++i) {
    numerator = numerator * x + above[i];
    denominator = denominator * x + below[i];
  }
  return numerator / denominator;
}

}  // namespace

double normal_quantile(double p) {
  const double distance = p - 0.5;
  if (std::fabs(distance) <= 0.425) {
    return distance * ratio(kCentralAbove, kCentralBelow, 0.180625 - distance * distance);
  }
  const double r = std::sqrt(-deterministic_log(distance < 0 ? p : 1.0 - p));
  const double value =
      r <= 5.0 ? ratio(kMiddleAbove, kMiddleBelow, r - 1.6) : ratio(kFarAbove, kFarBelow, r - 5.0);
  return distance < 0 ? -value : value;
}

double normal_probability(double x) {
  if (x > 0) return 1.0 - normal_probability(-x);
  double low = 1e-300;
  double high = 0.5;
  if (normal_quantile(low) >= x) return 0.0;
  // Halving the exponent first, then the distance, keeps the relative error small in the tail.
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = high / low > 4.0 ? std::sqrt(low) * std::sqrt(high) : 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (normal_quantile(middle) < x ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace soundcheck
