#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// A distribution of durations; a value, cheap to copy. Samples are never negative, whole
// nanoseconds, and the same on every machine. `sample` draws one number, except gamma, which draws
// until one is accepted (about 1.05 tries).
class Distribution {
 public:
  Distribution() = default;  // always zero
  // Arguments must be possible ones (asserted): means, medians and minima above zero, a median at
  // most its p99, minimum <= maximum, cv and shape above zero.
  static Distribution constant(Duration value);
  static Distribution exponential(Duration mean);
  static Distribution lognormal(Duration median, Duration p99);
  // The normal distribution given that the value is not negative, so its mean is a little above
  // `mean` if `deviation` is large.
  static Distribution normal(Duration mean, Duration deviation);
  static Distribution uniform(Duration minimum, Duration maximum);
  // cv: standard deviation / mean. cv 1 is exponential; below 1 more regular (Erlang), above 1
  // burstier.
  static Distribution gamma(Duration mean, double cv);
  // P(X > x) = (minimum / x)^shape. Without a finite mean for shape <= 1.
  static Distribution pareto(Duration minimum, double shape);
  // Draws from the given values, each as likely as the others.
  static Distribution empirical(std::vector<Duration> values);

  Duration sample(RandomStream& random) const;
  Duration mean() const;  // Duration::max() where it is infinite
  bool is_constant() const { return kind_ == Kind::kConstant; }

  friend std::string to_text(const Distribution& distribution);
  friend bool operator==(const Distribution& a, const Distribution& b) {
    return to_text(a) == to_text(b);
  }

 private:
  enum class Kind {
    kConstant,
    kExponential,
    kLognormal,
    kNormal,
    kUniform,
    kGamma,
    kPareto,
    kEmpirical
  };
  double draw_gamma(RandomStream& random) const;

  Kind kind_ = Kind::kConstant;
  Duration first_;     // value, mean, median or minimum
  Duration second_;    // p99, deviation or maximum
  double number_ = 0;  // cv or shape
  double scale_ = 0;   // what sampling needs, derived once by the factory; nanoseconds
  double spread_ = 0;
  double offset_ = 0;
  std::shared_ptr<const std::vector<Duration>> values_;
};

// The canonical text, which parse_distribution reads back: `3ms`, `lognormal(median 3ms, p99
// 12ms)`.
std::string to_text(const Distribution& distribution);

// Gives the content of a file that a distribution names, or a sentence.
using ReadFile = std::function<Parsed<std::string>(const std::string& path)>;

// Reads what to_text writes, and more: `3ms` and `constant(3ms)`, arguments by position or by name,
// `cv2 4` for `cv 2`. Instead of its values, empirical(1ms, 3ms), an empirical distribution may
// name a file, empirical(file.csv), which needs `read_file`: it holds a duration a line, with its
// unit, and may have a heading. At most 100,000 values.
Parsed<Distribution> parse_distribution(std::string_view text, const ReadFile& read_file = {});

// An ECMA 262 regular expression of the texts that it reads, and of those of two arguments up to
// the first comma, where YAML ends a text in a flow map.
std::string distribution_pattern();

}  // namespace soundcheck
