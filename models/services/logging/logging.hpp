#pragma once

#include "models/blueprint/blueprint.hpp"
#include "models/services/logging/api.hpp"

namespace soundcheck::logging {

// The record of what others report: every movement of money, once.
class Logging final : public Service {
 public:
  explicit Logging(const ServiceSettings&) {}

  Task<Result<Recorded>> record(Env env, RecordTransactions request);
};
}  // namespace soundcheck::logging
