#include "models/outside/outside.hpp"

#include "models/outside/psp/psp.hpp"

namespace soundcheck {

std::vector<ServiceBlueprint> outside_blueprints() {
  std::vector<ServiceBlueprint> blueprints;
#define SOUNDCHECK_OUTSIDE(name) blueprints.push_back(name::name##_blueprint());
#include "models/outside/outside.def"
#undef SOUNDCHECK_OUTSIDE
  return blueprints;
}

}  // namespace soundcheck
