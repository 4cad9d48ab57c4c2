#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {
namespace {

// So many more may come by chance: four standard deviations of a Poisson number.
double at_most_by_chance(double expected) {
  return expected + 4 * std::sqrt(expected);
}

double share_of(const ScenarioWorkload& load, const std::string& request) {
  double total = 0;
  for (const auto& [name, weight] : load.mix) total += weight;
  const double* const weight = load.mix.find(request);
  return weight == nullptr || total <= 0 ? 0 : *weight / total;
}

}  // namespace

// Whether it fits, and is large enough for what the loads will ask of it.
void CrossChecker::check_population() {
  const ScenarioPath users = {"population", "users"};
  if (was_misread({"population"}) || was_misread({"workload"}) || was_misread({"business"})) return;
  if (catalogue_.too_large) {
    const std::string sentence = catalogue_.too_large(scenario_);
    if (!sentence.empty()) contradiction(users, sentence, "take a smaller population");
  }
  if (!catalogue_.senders_of) return;
  for (const std::string& request : requests_) {
    const std::optional<std::int64_t> senders = catalogue_.senders_of(scenario_, request);
    if (!senders) continue;
    double expected = 0;
    for (const ScenarioWorkload& load : scenario_.workload) {
      const bool has_rate = load.arrivals || (load.clients && (load.think || load.pace));
      if (has_rate)
        expected += load.expected_requests(scenario_.duration) * share_of(load, request);
    }
    const double needed = std::ceil(at_most_by_chance(expected));
    if (needed <= static_cast<double>(*senders)) continue;
    const std::string sentence = fmt::format(
        "the population may run out: up to {:.0f} users send '{}', each once, and {} of "
        "{} can",
        needed, request, *senders, scenario_.population.users);
    std::string hint = "leave some users without a subscription";
    if (*senders > 0) {
      const double ratio = needed / static_cast<double>(*senders);
      hint = fmt::format("write population: {{ users: {:.0f} }}",
                         std::ceil(ratio * scenario_.population.users));
    }
    warn(is_given(users) ? users : ScenarioPath{"workload"}, Point::kValue, sentence, hint);
  }
}

}  // namespace soundcheck
