#include <algorithm>
#include <cmath>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {

void CrossChecker::check_workload() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario_.workload.size(); ++i) {
    const ScenarioWorkload& load = scenario_.workload[i];
    const ScenarioPath path = {"workload", std::to_string(i)};
    check_load(path, load);
    if (std::ranges::find(names, load.name) != names.end()) {
      contradiction({"workload", std::to_string(i), "name"},
                    fmt::format("two workloads are called '{}'", load.name));
    }
    names.push_back(load.name);
  }
}

void CrossChecker::check_load(const ScenarioPath& path, const ScenarioWorkload& load) {
  const auto below = [&](const char* name) {
    ScenarioPath result = path;
    result.emplace_back(name);
    return result;
  };
  const bool open = load.arrivals.has_value();
  const bool closed = load.clients.has_value();
  if (open && closed) {
    contradiction(below("clients"), "'arrivals' make an open load, 'clients' a closed one",
                  "remove one of the two, or make it two workloads");
  }
  if (!open && !closed && !was_misread(below("arrivals")) && !was_misread(below("clients"))) {
    contradiction(path, "no load: neither 'arrivals' nor 'clients' is given",
                  "add arrivals: poisson(50/s)");
  }
  if (!closed && load.think && !was_misread(below("clients"))) {
    contradiction(below("think"), "only clients of a closed load think", "add 'clients'");
  }
  if (!closed && load.pace && !was_misread(below("clients"))) {
    contradiction(below("pace"), "only clients of a closed load have a pace", "add 'clients'");
  }
  if (load.think && load.pace) {
    contradiction(below("pace"), "clients think after an answer, or they keep a pace",
                  "remove one of the two");
  }
  check_client(below("client"), load);
  double weights = 0;
  for (const auto& [request, weight] : load.mix) {
    ScenarioPath entry = below("mix");
    entry.push_back(request);
    check_known(entry, "request type", request, requests_, Point::kName);
    weights += weight;
    if (weight < 0) {
      report(MistakeCode::kOutOfBounds, entry, Point::kValue, "a weight is not negative");
    }
  }
  check_started_workflow(path, load);
  if (!load.mix.empty() && weights <= 0 && !was_misread(below("mix")))
    contradiction(below("mix"), "all weights are zero");
  if (!std::isfinite(weights)) contradiction(below("mix"), "the weights are too large to be added");
  const ParameterNode* const mix = node_at(below("mix"));
  const bool is_empty = mix != nullptr && mix->is_map() && mix->entries.empty();
  if ((is_empty || load.mix.empty()) && load.workflow.empty() && !was_misread(below("mix"))) {
    contradiction(below("mix"), "nothing to ask for: the mix is empty",
                  "name request types with their weights");
  }
  check_shape(below("shape"), load.shape);
  check_peak(below("shape"), load);
}

void CrossChecker::check_client(const ScenarioPath& path, const ScenarioWorkload& load) {
  if (load.client.hedge) check_hedge(soundcheck::below(path, "hedge"), "", load.client);
  if (load.client.key != RetryKey::kNew || was_misread(path)) return;
  const ScenarioPath key = soundcheck::below(path, "key");
  const bool has_key = std::ranges::any_of(load.mix, [this](const auto& request) {
    return catalogue_.keyed_requests.contains(request.first);
  });
  if (load.client.retry.attempts < 2) {
    warn(key, Point::kValue, "clients that do not retry send one key",
         "add retry: { attempts: 2 }");
  } else if (!has_key) {
    warn(key, Point::kValue, "none of these requests has an idempotency key");
  }
}

// What the shape makes of the arrivals or clients at its highest point.
void CrossChecker::check_peak(const ScenarioPath& path, const ScenarioWorkload& load) {
  if (load.shape.points.empty() || was_misread(path)) return;
  const double peak = load.shape.peak();
  const double clients = load.clients.value_or(0) * peak;
  if (load.arrivals && load.arrivals->rate * peak > kFastestArrivals) {
    contradiction(path, fmt::format("at the highest point of the shape there are more than {}",
                                    to_text(kFastestArrivals)));
  } else if (clients > kMostClients) {
    contradiction(path, fmt::format("at the highest point of the shape there are more than {} "
                                    "clients",
                                    kMostClients));
  }
}

void CrossChecker::check_shape(const ScenarioPath& path, const LoadShape& shape) {
  if (was_misread(path)) return;
  const std::vector<LoadShape::Point>& points = shape.points;
  for (std::size_t i = 0; i < points.size() && !was_misread({"duration"}); ++i) {
    if (points[i].at <= scenario_.duration) continue;
    warn(
        below(path, std::to_string(i)), Point::kValue,
        fmt::format("the load has ended by then: its duration is {}", to_text(scenario_.duration)));
    break;
  }
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].at > points[i - 1].at) continue;
    ScenarioPath point = path;
    point.push_back(std::to_string(i));
    point.emplace_back("0");
    contradiction(
        point,
        fmt::format("{} does not come after {}", to_text(points[i].at), to_text(points[i - 1].at)),
        "points of a shape go forward in time");
  }
}

}  // namespace soundcheck
