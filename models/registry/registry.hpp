#pragma once

#include <string_view>
#include <vector>

#include "models/blueprint/blueprint.hpp"

namespace soundcheck {

// Every service that the program knows, by name, those inside first: the lines of
// models/services/services.def and models/outside/outside.def, and the orchestrator, whose replicas
// are made by whoever runs them (`create` is empty).
const std::vector<ServiceBlueprint>& registered_services();
const ServiceBlueprint* find_service(std::string_view name);  // null: there is none

// What they declare, gathered. The parameters of `business:`, each table once:
const AnyParameterTable& business_parameters();
// `defects:`, by name; what two services share is there once.
const std::vector<SeededDefect>& seeded_defects();
// What clients can ask for, in the order of the services.
const std::vector<RequestType>& request_types();
const RequestType* find_request_type(std::string_view name);  // null: there is none

}  // namespace soundcheck
