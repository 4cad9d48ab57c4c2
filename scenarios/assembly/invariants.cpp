#include "scenarios/assembly/invariants.hpp"

#include <fmt/format.h>

#include "models/orchestrator/service/schema.hpp"
#include "models/outside/outside.hpp"
#include "models/services/services.hpp"
#include "reports/checkers/invariant_file.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

void add(std::string_view text, const std::string& file, std::vector<Invariant>& all) {
  InvariantFile parsed = parse_invariants(text, file);
  for (const InvariantMistake& mistake : parsed.mistakes) {
    SOUNDCHECK_ASSERT(false, "{}", to_text(mistake));
  }
  for (Invariant& invariant : parsed.invariants) all.push_back(std::move(invariant));
}

std::vector<Invariant> read_all() {
  std::vector<Invariant> all;
  const auto add_of = [&all](const ServiceBlueprint& blueprint) {
    add(blueprint.invariants, blueprint.name + "/invariants.sql", all);
  };
  for (const ServiceBlueprint& blueprint : service_blueprints()) add_of(blueprint);
  for (const ServiceBlueprint& blueprint : outside_blueprints()) add_of(blueprint);
  add(orchestrator::document("invariants.sql"), "orchestrator/invariants.sql", all);
  return all;
}

}  // namespace

const std::vector<Invariant>& reference_invariants() {
  static const std::vector<Invariant> invariants = read_all();
  return invariants;
}

}  // namespace soundcheck
