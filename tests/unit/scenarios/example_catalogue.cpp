#include "tests/unit/scenarios/example_catalogue.hpp"

namespace soundcheck {
namespace {

struct ExampleBusiness {
  Duration trial = Duration::days(30);
  Money individual = Money::minor_units(999);
  static const ParameterTable<ExampleBusiness>& parameters();
};

const ParameterTable<ExampleBusiness>& ExampleBusiness::parameters() {
  static const auto table =
      ParameterTable<ExampleBusiness>("business", "Durations and amounts.")
          .optional("trial", &ExampleBusiness::trial, "free at first")
          .optional("individual", &ExampleBusiness::individual, "price of a period");
  return table;
}

CatalogueService service_with(std::vector<std::string> endpoints) {
  CatalogueService service;
  for (const std::string& endpoint : endpoints) {
    service.defaults.endpoints.at_or_add(endpoint).cpu =
        Distribution::exponential(Duration::milliseconds(1));
  }
  return service;
}

Catalogue make_catalogue() {
  Catalogue catalogue;
  CatalogueArchitecture microservices{.help = "one process for each concern", .services = {}};
  microservices.services = {{"gateway", service_with({"route"})},
                            {"payments", service_with({"charge", "refund"})},
                            {"auth", service_with({"verify", "approve"})},
                            {"albums", service_with({"trending", "get"})},
                            {"users", service_with({"preferences"})},
                            {"analytics", service_with({"history"})},
                            {"psp", service_with({"capture"})}};
  microservices.services.find("psp")->is_outside = true;
  catalogue.architectures = {{"microservices", microservices}};
  catalogue.request_types = {{"stream-song", ""}, {"search", ""},    {"browse-albums", ""},
                             {"subscribe", ""},   {"buy-album", ""}, {"sign-up", ""}};
  catalogue.default_mix = {{"stream-song", 9}, {"subscribe", 1}};
  catalogue.sagas = {{"subscribe", {"", {"open", "charge_payment", "activate"}}}};
  catalogue.workflows.orchestrator = {{"orchestrator", service_with({"start-workflow"})}};
  catalogue.workflows.workers_of_tasks = {{"charge_payment", "payments"}};
  catalogue.defects = {{"capture_without_key", ""}, {"blind_undo", ""}};
  catalogue.invariants = {{"P1", ""}, {"P2", ""}, {"E6", ""}};
  catalogue.business = &ExampleBusiness::parameters();
  return catalogue;
}

}  // namespace

const Catalogue& example_catalogue() {
  static const Catalogue catalogue = make_catalogue();
  return catalogue;
}

}  // namespace soundcheck
