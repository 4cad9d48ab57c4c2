#include "models/services/services.hpp"

#include "models/services/auth/auth.hpp"
#include "models/services/gateway/gateway.hpp"
#include "models/services/logging/logging.hpp"
#include "models/services/payments/payments.hpp"
#include "models/services/subscriptions/subscriptions.hpp"
#include "models/services/users/users.hpp"

namespace soundcheck {

std::vector<ServiceBlueprint> service_blueprints() {
  std::vector<ServiceBlueprint> blueprints;
#define SOUNDCHECK_SERVICE(name) blueprints.push_back(name::name##_blueprint());
#include "models/services/services.def"
#undef SOUNDCHECK_SERVICE
  return blueprints;
}

}  // namespace soundcheck
