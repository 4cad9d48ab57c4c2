#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "scenarios/model/circles.hpp"
#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {
namespace {

std::vector<std::string> endpoints_of(const CatalogueService* known,
                                      const ScenarioService* service) {
  std::vector<std::string> names;
  if (known != nullptr) names = known->defaults.endpoints.names();
  if (service != nullptr && service->declared) {
    for (const std::string& endpoint : service->declared->endpoints.names())
      names.push_back(endpoint);
  }
  return names;
}

}  // namespace

void CrossChecker::check_services() {
  for (const auto& [name, service] : scenario_.services) check_service(name, service);
  check_call_cycles();
}

// Names under which the program builds something itself.
void CrossChecker::check_own_name(const std::string& name) {
  const bool is_internal = name == "clients" || name == "people" || name.ends_with(".database");
  if (!is_internal) return;
  report(MistakeCode::kContradiction, {"services", name}, Point::kName,
         name == "clients"  ? "the program's clients are called so"
         : name == "people" ? "those who end tasks that wait for a person are called so"
                            : "the databases of services are called so",
         "give your service another name");
}

void CrossChecker::check_service(const std::string& name, const ScenarioService& service) {
  const ScenarioPath path = {"services", name};
  if (!is_given(path)) return;  // as the program brings it
  const CatalogueService* const known = known_service(name);
  const bool is_known = known != nullptr;
  if (!is_known && !is_given({"services", name, "declared"})) {
    const std::vector<std::string> names =
        architecture_ == nullptr ? std::vector<std::string>() : architecture_->services.names();
    if (!check_known(path, "service", name, names, Point::kName)) {
      mistakes_.back().note += "; a service of your own needs 'declared'";
    }
    return;
  }
  if (!is_known) check_own_name(name);
  if (is_known && is_given({"services", name, "declared"})) {
    contradiction({"services", name, "declared"},
                  fmt::format("'{}' is a service of the program and cannot be declared", name),
                  "give your service another name, or write architecture: own");
  }
  if (is_known && known->is_outside) {
    contradiction(path, fmt::format("'{}' is a party outside and has no replicas of ours", name));
    return;
  }
  if (!service.zone.empty()) {
    check_known({"services", name, "zone"}, "zone", service.zone, scenario_.topology.zones.names());
    if (service.spread == Spread::kZones) {
      contradiction({"services", name, "spread"},
                    "replicas spread over zones, but 'zone' names one");
    }
  }
  if (service.lock && name != "orchestrator")
    contradiction({"services", name, "lock"}, "only the orchestrator locks workflows", "remove it");
  const std::vector<std::string> endpoints = endpoints_of(known, &service);
  for (const auto& [endpoint, costs] : service.endpoints) {
    check_known({"services", name, "endpoints", endpoint}, "endpoint", endpoint, endpoints,
                Point::kName, name);
  }
  for (const auto& [callee, call] : service.calls) {
    check_method({"services", name, "calls", callee}, callee, Point::kName);
    if (call.hedge) check_hedge({"services", name, "calls", callee, "hedge"}, callee, call);
  }
  for (const char* field : {"replicas", "replication"}) {
    const bool given = field == std::string_view("replicas")
                           ? service.database.replicas > 0
                           : service.database.replication.has_value();
    if (!given) continue;
    report(MistakeCode::kNotSimulated, {"services", name, "database", field}, Point::kValue,
           "copies of a database are not simulated yet", "remove it: one server holds the data");
  }
  if (!service.declared) return;
  for (const auto& [endpoint, steps] : service.declared->endpoints) {
    check_steps({"services", name, "declared", "endpoints", endpoint}, steps);
  }
}

void CrossChecker::check_hedge(const ScenarioPath& path, const std::string& callee,
                               const CallPolicy& call) {
  if (call.retry.attempts > 1) {
    contradiction(path, "a call is hedged or tried again, not both",
                  "remove retry: when an attempt of a hedged call fails, the next follows at once");
  }
  const std::string name = callee.substr(0, callee.find('.'));
  const ScenarioService* const service = scenario_.services.find(name);
  if (service != nullptr && service->replicas < 2) {
    warn(path, Point::kName, fmt::format("'{}' has one replica: there is no other to ask", name),
         "give it more, or remove hedge");
  }
}

void CrossChecker::check_databases() {
  for (const auto& [name, service] : scenario_.services) {
    const ScenarioPath path = {"services", name, "database"};
    if (!is_given(path) || has_database(name)) continue;
    // `soundcheck show` prints every default, and reads back what it prints.
    const DatabaseParameters defaults;
    const auto& table = DatabaseParameters::parameters();
    if (to_json(table.print(&service.database)) == to_json(table.print(&defaults))) continue;
    contradiction(path, fmt::format("'{}' keeps no data and has no database server", name),
                  "remove it, or add a step that reads or writes rows");
  }
}

void CrossChecker::check_steps(const ScenarioPath& path, const std::vector<DeclaredStep>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    ScenarioPath step = path;
    step.push_back(std::to_string(i));
    if (!is_given(step) || node_at(step)->entries.size() != 1) continue;  // reported while reading
    if (steps[i].kind == DeclaredStep::Kind::kCall) {
      check_call(below(step, "call"), steps[i]);
    } else if (steps[i].kind == DeclaredStep::Kind::kParallel) {
      check_steps(below(step, "parallel"), steps[i].steps);
    } else if (steps[i].kind == DeclaredStep::Kind::kSequence) {
      check_steps(below(step, "sequence"), steps[i].steps);
    } else if (steps[i].kind == DeclaredStep::Kind::kRepeat) {
      check_steps(below(below(step, "repeat"), "steps"), steps[i].steps);
    }
  }
}

void CrossChecker::check_call(const ScenarioPath& path, const DeclaredStep& step) {
  if (was_misread(path)) return;
  const ScenarioPath name = node_at(path)->is_map() ? below(path, "to") : path;
  const auto dot = step.call.find('.');
  if (dot == std::string::npos) {
    report(MistakeCode::kUnreadableValue, name, Point::kValue,
           fmt::format("'{}' names no endpoint", step.call), "write service.endpoint");
    return;
  }
  check_method(name, step.call, Point::kValue);
  const ScenarioService* const callee = scenario_.services.find(step.call.substr(0, dot));
  const EndpointCosts* const costs =
      callee == nullptr ? nullptr : callee->endpoints.find(step.call.substr(dot + 1));
  if (step.request && costs != nullptr && costs->request) {
    contradiction(below(path, "request"),
                  fmt::format("all requests to {} have {}", step.call, to_text(*costs->request)),
                  "remove one of the two sizes");
  }
}

namespace {

// What an endpoint calls whenever it is called, whatever runs beside it.
void collect_calls(const std::vector<DeclaredStep>& steps, std::vector<std::string>& methods) {
  for (const DeclaredStep& step : steps) {
    if (step.kind == DeclaredStep::Kind::kFail && step.probability >= Probability::always()) return;
    if (step.kind == DeclaredStep::Kind::kCall) methods.push_back(step.call);
    collect_calls(step.steps, methods);
  }
}

}  // namespace

// Endpoints of declared services do the same each time: a circle of calls never comes to an end.
void CrossChecker::check_call_cycles() {
  Named<std::vector<std::string>> called;
  for (const auto& [name, service] : scenario_.services) {
    if (!service.declared) continue;
    for (const auto& [endpoint, steps] : service.declared->endpoints)
      collect_calls(steps, called.at_or_add(name + "." + endpoint));
  }
  std::set<std::string> reported;
  for (const auto& [start, methods] : called) {
    const std::vector<std::string> circle = path_back(start, [&](const std::string& method) {
      const auto* const next = called.find(method);
      return next != nullptr ? *next : std::vector<std::string>();
    });
    if (circle.empty() || reported.contains(start)) continue;
    reported.insert(circle.begin(), circle.end());
    const std::size_t dot = start.rfind('.');
    warn({"services", start.substr(0, dot), "declared", "endpoints", start.substr(dot + 1)},
         Point::kName,
         fmt::format("each request goes round in a circle until a timeout ends it: {}",
                     fmt::join(circle, " -> ")),
         "let one of them answer by itself");
  }
}

// `method` is "service" or "service.endpoint".
void CrossChecker::check_method(const ScenarioPath& path, const std::string& method, Point point) {
  const auto dot = method.find('.');
  const std::string service = method.substr(0, dot);
  if (!check_known(path, "service", service, callees_, point) || dot == std::string::npos) return;
  check_known(path, "endpoint", method.substr(dot + 1),
              endpoints_of(known_service(service), scenario_.services.find(service)), point,
              service);
}

}  // namespace soundcheck
