#pragma once

#include "models/services/logging/api.hpp"
#include "sim/env/service.hpp"

namespace soundcheck::logging {

// The record of what others report: every movement of money, once.
class Logging final : public Service {
 public:
  explicit Logging(const ServiceSettings&) {}

  Task<Result<Recorded>> record(Env env, RecordTransactions request);
};

ServiceBlueprint logging_blueprint();

}  // namespace soundcheck::logging
