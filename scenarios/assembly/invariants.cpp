#include "scenarios/assembly/invariants.hpp"

#include "models/registry/registry.hpp"
#include "reports/checkers/invariant_file.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

std::vector<Invariant> read_all() {
  std::vector<Invariant> all;
  for (const ServiceBlueprint& service : registered_services()) {
    InvariantFile parsed = parse_invariants(service.invariants, service.name + "/invariants.sql");
    for (const InvariantMistake& mistake : parsed.mistakes) {
      SOUNDCHECK_ASSERT(false, "{}", to_text(mistake));
    }
    for (Invariant& invariant : parsed.invariants) all.push_back(std::move(invariant));
  }
  return all;
}

}  // namespace

const std::vector<Invariant>& reference_invariants() {
  static const std::vector<Invariant> invariants = read_all();
  return invariants;
}

}  // namespace soundcheck
