#include "scenarios/model/schema_rules.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace soundcheck {
namespace {

using NameList = std::vector<std::string>;

// No control characters, line separators or marks that turn the direction of writing.
constexpr const char* kOneLine =
    "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*$";

Json one_of(const NameList& names) {
  return {{"enum", names}};
}

void add_load_rules(Json& load) {
  load["type"] = "object";
  load["oneOf"] = {{{"required", {"arrivals"}}}, {{"required", {"clients"}}}};
  Json& fields = load["properties"];
  fields["mix"]["minProperties"] = 1;
  fields["mix"]["additionalProperties"]["minimum"] = 0;
}

void add_fault_rules(Json& fault) {
  fault["type"] = "object";
  fault["oneOf"] = {{{"required", {"at"}}, {"not", {{"required", {"every"}}}}},
                    {{"required", {"every"}}},
                    {{"required", {"when"}}}};
  Json& fields = fault["properties"];
  fields["name"]["pattern"] = kOneLine;
  fields["every"]["allOf"] = Json::array({{{"pattern", "[1-9]"}}});
  fields["when"]["type"] = "object";
  fields["target"]["properties"]["replica"]["minimum"] = 0;
}

void add_expectation_rules(Json& expect, const Catalogue& catalogue) {
  Json& fields = expect["properties"];
  for (Json& choice : fields["invariants"]["anyOf"]) {
    if (choice.contains("items")) choice["items"] = one_of(catalogue.invariants.names());
  }
  for (const char* list : {"slo", "workflows"}) {
    Json& goal = fields[list]["items"];
    goal["type"] = "object";
    goal["minProperties"] = 2;
    for (auto& [name, field] : goal["properties"].items()) {
      if (name == "success" || name == "completed")
        field["pattern"] = R"(^ *[<>]=? *(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?) *% *$)";
    }
  }
  fields["slo"]["items"]["required"] = {"request"};
}

void add_step_rules(Json& step) {
  Json alone = Json::array();
  for (const auto& [name, field] : step["properties"].items())
    alone.push_back({{"required", {name}}});
  step["oneOf"] = std::move(alone);
  step["properties"]["call"]["pattern"] = R"(^[^.]+\..+$)";
}

// All names are known: nothing in the scenario, nor in a file that it includes, makes others.
Json brings_no_names(const std::string& usual_architecture) {
  const Json declares = {{"required", {"declared"}}};
  return {{"properties",
           {{"architecture", {{"const", usual_architecture}}},
            {"services", {{"additionalProperties", {{"not", declares}}}}}}},
          {"not", {{"anyOf", {{{"required", {"include"}}}, {{"required", {"workflows"}}}}}}}};
}

Json known_names(const Catalogue& catalogue, const CatalogueArchitecture& usual) {
  NameList services;
  NameList ours;
  for (const auto& [name, service] : usual.services) {
    services.push_back(name);
    if (!service.is_outside) ours.push_back(name);
  }
  NameList steps;
  for (const auto& [name, saga] : catalogue.sagas)
    steps.insert(steps.end(), saga.steps.begin(), saga.steps.end());
  std::ranges::sort(steps);
  const auto repeated = std::ranges::unique(steps);
  steps.erase(repeated.begin(), repeated.end());
  const Json sagas = one_of(catalogue.sagas.names());
  const Json requests = one_of(catalogue.request_types.names());
  const Json service = one_of(services);
  const auto items = [](Json fields) -> Json {
    return {{"items", {{"properties", std::move(fields)}}}};
  };
  const Json faults =
      items({{"target", {{"properties", {{"service", service}, {"database", service}}}}},
             {"when",
              {{"properties", {{"saga", sagas}, {"step", one_of(steps)}, {"service", service}}}}}});
  const Json expect = {{"slo", items({{"request", requests}})},
                       {"workflows", items({{"workflow", sagas}})}};
  return {
      {"properties",
       {{"services",
         {{"propertyNames", one_of(ours)},
          {"additionalProperties", {{"properties", {{"calls", {{"propertyNames", service}}}}}}}}},
        {"workload", items({{"mix", {{"propertyNames", requests}}}, {"workflow", sagas}})},
        {"faults", faults},
        {"expect", {{"properties", expect}}}}}};
}

}  // namespace

void add_rules(Json& schema, const Catalogue& catalogue) {
  Json& fields = schema["properties"];
  fields["name"]["pattern"] = "^[A-Za-z0-9_.-]{0,100}$";
  fields["services"]["propertyNames"] = {{"pattern", "^[A-Za-z0-9_.-]{1,100}$"}};
  fields["settle"]["allOf"] = Json::array({{{"pattern", "[1-9]|auto"}}});
  fields["seed"]["maximum"] = 18'446'744'073'709'551'615U;
  fields["workers"]["additionalProperties"]["minItems"] = 1;
  fields["workers"]["additionalProperties"]["type"] = "array";
  add_load_rules(fields["workload"]["items"]);
  add_fault_rules(fields["faults"]["items"]);
  add_expectation_rules(fields["expect"], catalogue);
  add_step_rules(schema["definitions"]["step"]);
  const Json always = {
      {"properties",
       {{"expect",
         {{"properties",
           {{"slo", {{"items", {{"properties", {{"during", one_of({"always"})}}}}}}}}}}}}}};
  const Json no_faults = {
      {"not", {{"anyOf", {{{"required", {"faults"}}}, {{"required", {"include"}}}}}}}};
  schema["allOf"] = Json::array({{{"if", no_faults}, {"then", always}}});
  if (catalogue.architectures.empty()) return;
  const auto& [name, usual] = *catalogue.architectures.begin();
  schema["allOf"].push_back(
      {{"if", brings_no_names(name)}, {"then", known_names(catalogue, usual)}});
}

}  // namespace soundcheck
