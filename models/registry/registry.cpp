#include "models/registry/registry.hpp"

#include <algorithm>

#include "models/orchestrator/service/orchestrator.hpp"
#include "sim/core/parameters_merged.hpp"

namespace soundcheck {

// Each service and each party outside defines its blueprint() in a namespace of its name.
#define SOUNDCHECK_SERVICE(name) \
  namespace name {               \
  ServiceBlueprint blueprint();  \
  }
#define SOUNDCHECK_OUTSIDE(name) SOUNDCHECK_SERVICE(name)
#include "models/outside/outside.def"
#include "models/services/services.def"
#undef SOUNDCHECK_SERVICE
#undef SOUNDCHECK_OUTSIDE

namespace {

std::vector<ServiceBlueprint> blueprints_inside() {
  std::vector<ServiceBlueprint> all;
#define SOUNDCHECK_SERVICE(name) all.push_back(name::blueprint());
#include "models/services/services.def"
#undef SOUNDCHECK_SERVICE
  all.push_back(orchestrator::blueprint());
  std::ranges::sort(all, {}, &ServiceBlueprint::name);
  return all;
}

std::vector<ServiceBlueprint> blueprints() {
  std::vector<ServiceBlueprint> all = blueprints_inside();
#define SOUNDCHECK_OUTSIDE(name)    \
  all.push_back(name::blueprint()); \
  all.back().outside = true;
#include "models/outside/outside.def"
#undef SOUNDCHECK_OUTSIDE
  return all;
}

std::vector<const AnyParameterTable*> tables() {
  std::vector<const AnyParameterTable*> all;
  for (const ServiceBlueprint& service : registered_services()) {
    for (const AnyParameterTable* const table : service.settings) {
      if (std::ranges::find(all, table) == all.end()) all.push_back(table);
    }
  }
  return all;
}

std::vector<SeededDefect> gather_defects() {
  std::vector<SeededDefect> all;
  for (const ServiceBlueprint& service : registered_services()) {
    for (const SeededDefect& defect : service.defects) {
      const auto known = std::ranges::find(all, defect.name, &SeededDefect::name);
      if (known == all.end()) {
        all.push_back(defect);
      } else {
        SOUNDCHECK_ASSERT(known->help == defect.help, "two services describe the defect {}",
                          defect.name);
      }
    }
  }
  std::ranges::sort(all, {}, &SeededDefect::name);
  return all;
}

std::vector<RequestType> gather_requests() {
  std::vector<RequestType> all;
  for (const ServiceBlueprint& service : registered_services()) {
    for (const RequestType& type : service.requests) {
      SOUNDCHECK_ASSERT(std::ranges::find(all, type.name, &RequestType::name) == all.end(),
                        "two services take a request type {}", type.name);
      all.push_back(type);
    }
  }
  return all;
}

}  // namespace

const std::vector<ServiceBlueprint>& registered_services() {
  static const std::vector<ServiceBlueprint> all = blueprints();
  return all;
}

const ServiceBlueprint* find_service(std::string_view name) {
  const auto found = std::ranges::find(registered_services(), name, &ServiceBlueprint::name);
  return found == registered_services().end() ? nullptr : &*found;
}

const AnyParameterTable& business_parameters() {
  static const MergedTable table("business", "Durations and amounts of the business.", tables());
  return table;
}

const std::vector<SeededDefect>& seeded_defects() {
  static const std::vector<SeededDefect> all = gather_defects();
  return all;
}

const std::vector<RequestType>& request_types() {
  static const std::vector<RequestType> all = gather_requests();
  return all;
}

const RequestType* find_request_type(std::string_view name) {
  const auto found = std::ranges::find(request_types(), name, &RequestType::name);
  return found == request_types().end() ? nullptr : &*found;
}

}  // namespace soundcheck
