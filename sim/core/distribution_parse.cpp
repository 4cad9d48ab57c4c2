#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "sim/core/call_text.hpp"
#include "sim/core/distribution.hpp"

namespace soundcheck {
namespace {

using DistributionError = std::unexpected<std::string>;

enum class Form {
  kConstant,
  kExponential,
  kLognormal,
  kNormal,
  kUniform,
  kGamma,
  kPareto,
  kEmpirical
};

const std::vector<CallForm>& distribution_forms() {
  static const std::vector<CallForm> forms = {
      {"constant", {"value"}, 1, "constant(3ms)"},
      {"exponential", {"mean"}, 1, "exponential(3ms)"},
      {"lognormal", {"median", "p99"}, 2, "lognormal(median 3ms, p99 12ms)"},
      {"normal", {"mean", "deviation"}, 2, "normal(200ms, 40ms)"},
      {"uniform", {"min", "max"}, 2, "uniform(1ms, 5ms)"},
      {"gamma", {"mean", "cv", "cv2"}, 1, "gamma(mean 4ms, cv 0.5)"},
      {"pareto", {"min", "shape"}, 2, "pareto(min 2ms, shape 2.1)"},
      {"empirical", {"file"}, 1, "empirical(file.csv) or empirical(1ms, 3ms)"},
  };
  return forms;
}

constexpr const char* kNumberPattern = R"([0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?)";
constexpr std::size_t kMostValues = 100'000;  // of an empirical distribution

// Collects the first problem of a row of arguments, so that each can be read in one expression.
class ArgumentReader {
 public:
  explicit ArgumentReader(const BoundCall& call)
      : call_(call), form_(distribution_forms()[call.form]) {}

  Duration duration(std::size_t index, bool zero_allowed = false) {
    const auto value = parse_duration(call_.arguments[index]);
    if (!value) {
      fail(index, value.error());
      return Duration();
    }
    if (*value < Duration()) fail(index, fmt::format("'{}' is negative", call_.arguments[index]));
    if (*value == Duration() && !zero_allowed) fail(index, "zero is not possible");
    return *value;
  }

  double positive_number(std::size_t index) {
    const auto value = parse_number(call_.arguments[index]);
    if (!value) {
      fail(index, value.error());
      return 1;
    }
    if (*value <= 0) fail(index, fmt::format("'{}' must be above zero", call_.arguments[index]));
    return *value;
  }

  void require(bool holds, std::string_view sentence) {
    if (!holds && problem_.empty()) problem_ = fmt::format("{}: {}", form_.name, sentence);
  }

  bool has(std::size_t index) const { return !call_.arguments[index].empty(); }
  const std::string& problem() const { return problem_; }

 private:
  void fail(std::size_t index, std::string_view sentence) {
    if (!problem_.empty()) return;
    problem_ = fmt::format("{} of {}: {}", form_.arguments[index], form_.name, sentence);
  }

  const BoundCall& call_;
  const CallForm& form_;
  std::string problem_;
};

template <typename Make>
Parsed<Distribution> unless_wrong(const ArgumentReader& reader, Make&& make) {
  if (!reader.problem().empty()) return DistributionError(reader.problem());
  return make();
}

Parsed<Distribution> read_lognormal(ArgumentReader reader) {
  const Duration median = reader.duration(0);
  const Duration p99 = reader.duration(1);
  reader.require(p99 >= median, "the p99 lies below the median");
  return unless_wrong(reader, [&] { return Distribution::lognormal(median, p99); });
}

Parsed<Distribution> read_uniform(ArgumentReader reader) {
  const Duration minimum = reader.duration(0, true);
  const Duration maximum = reader.duration(1, true);
  reader.require(maximum >= minimum, "the maximum lies below the minimum");
  return unless_wrong(reader, [&] { return Distribution::uniform(minimum, maximum); });
}

Parsed<Distribution> read_gamma(ArgumentReader reader) {
  const Duration mean = reader.duration(0);
  reader.require(reader.has(1) != reader.has(2), "give either cv or cv2 (its square)");
  double cv = 1;
  if (reader.has(1)) cv = reader.positive_number(1);
  if (reader.has(2)) cv = std::sqrt(reader.positive_number(2));
  reader.require(cv >= 0.001 && cv <= 100, "cv lies between 0.001 and 100");
  return unless_wrong(reader, [&] { return Distribution::gamma(mean, cv); });
}

Parsed<Distribution> read_empirical(const std::string& file, const ReadFile& read_file) {
  if (!read_file) return DistributionError("empirical(...) cannot be used here: no files are read");
  const auto content = read_file(file);
  if (!content) return DistributionError(content.error());
  std::vector<Duration> values;
  std::string_view rest = *content;
  for (int line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.find_first_not_of(" \t") == std::string_view::npos) continue;
    const auto value = parse_duration(text);
    const bool heading = line == 1 && text.find_first_of("0123456789") == std::string_view::npos;
    if (heading) continue;
    if (!value || *value < Duration()) {
      return DistributionError(
          fmt::format("line {} of {}: {}", line, file,
                      value ? fmt::format("'{}' is negative", text) : value.error()));
    }
    values.push_back(*value);
  }
  if (values.empty()) return DistributionError(fmt::format("'{}' holds no duration", file));
  if (values.size() > kMostValues) {
    return DistributionError(fmt::format("'{}' holds more than {} durations", file, kMostValues));
  }
  return Distribution::empirical(std::move(values));
}

// The values themselves: empirical(1ms, 3ms). Nothing if the text does not begin like that.
std::optional<Parsed<Distribution>> read_values(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (!text.starts_with("empirical") || open == std::string_view::npos ||
      close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(open + 1, close - open - 1);
  if (!parse_duration(rest.substr(0, rest.find(',')))) return std::nullopt;
  std::vector<Duration> values;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = rest.find(',');
    const auto value = parse_duration(rest.substr(0, comma));
    if (!value) return DistributionError(value.error());
    if (*value < Duration()) {
      return DistributionError(fmt::format("'{}' is negative", rest.substr(0, comma)));
    }
    values.push_back(*value);
    rest.remove_prefix(std::min(rest.size(), comma == std::string_view::npos ? 0 : comma + 1));
  }
  if (values.size() > kMostValues) {
    return DistributionError(fmt::format("more than {} durations", kMostValues));
  }
  return Distribution::empirical(std::move(values));
}

// `mean 3ms`, `mean: 3ms`, `3ms`.
std::string pattern_of_argument(const std::string& name) {
  const bool is_number = name == "cv" || name == "cv2" || name == "shape";
  return fmt::format("({} *[ :=] *)?{}", name, is_number ? kNumberPattern : duration_pattern());
}

std::string pattern_of(const CallForm& form) {
  if (form.arguments == std::vector<std::string>{"file"})
    return fmt::format("{} *\\([^)]*\\)?", form.name);
  std::vector<std::string> arguments;
  for (const std::string& name : form.arguments) arguments.push_back(pattern_of_argument(name));
  const std::string one = fmt::format(" *({}) *", fmt::join(arguments, "|"));
  return form.arguments.size() == 1 ? fmt::format("{} *\\({}\\)", form.name, one)
                                    : fmt::format("{0} *\\({1}(,{1}\\))?", form.name, one);
}

}  // namespace

std::string distribution_pattern() {
  std::vector<std::string> forms{duration_pattern()};
  for (const CallForm& form : distribution_forms()) forms.push_back(pattern_of(form));
  return fmt::format("^ *({}) *$", fmt::join(forms, "|"));
}

Parsed<Distribution> parse_distribution(std::string_view text, const ReadFile& read_file) {
  const bool is_call =
      text.find_first_of("abcdefghijklmnopqrstuvwxyz") == text.find_first_not_of(" ");
  if (!is_call) {
    const auto value = parse_duration(text);
    if (!value) return DistributionError(value.error());
    if (*value < Duration()) return DistributionError(fmt::format("'{}' is negative", text));
    return Distribution::constant(*value);
  }
  if (const auto values = read_values(text)) return *values;
  const auto call = parse_call(text, distribution_forms(), "distribution");
  if (!call) return DistributionError(call.error());
  ArgumentReader reader(*call);
  switch (static_cast<Form>(call->form)) {
    case Form::kConstant: {
      const Duration value = reader.duration(0, true);
      return unless_wrong(reader, [&] { return Distribution::constant(value); });
    }
    case Form::kExponential: {
      const Duration mean = reader.duration(0);
      return unless_wrong(reader, [&] { return Distribution::exponential(mean); });
    }
    case Form::kLognormal:
      return read_lognormal(reader);
    case Form::kNormal: {
      const Duration mean = reader.duration(0);
      const Duration deviation = reader.duration(1);
      return unless_wrong(reader, [&] { return Distribution::normal(mean, deviation); });
    }
    case Form::kUniform:
      return read_uniform(reader);
    case Form::kGamma:
      return read_gamma(reader);
    case Form::kPareto: {
      const Duration minimum = reader.duration(0);
      const double shape = reader.positive_number(1);
      return unless_wrong(reader, [&] { return Distribution::pareto(minimum, shape); });
    }
    case Form::kEmpirical:
      return read_empirical(call->arguments[0], read_file);
  }
  __builtin_unreachable();
}

}  // namespace soundcheck
