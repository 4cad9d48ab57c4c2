#pragma once

#include "models/outside/psp/api.hpp"
#include "sim/env/service.hpp"

namespace soundcheck::psp {

// The bank. Not ours: it keeps its contract (models/outside/psp/api.hpp) and knows no saga.
class Psp final : public Service {
 public:
  explicit Psp(const ServiceSettings& settings)
      : key_lifetime_ms_(settings.duration("key_lifetime", 24_h).in_milliseconds()) {}

  Task<Result<Answer>> authorize(Env env, Authorize request);
  Task<Result<Answer>> capture(Env env, Capture request);
  Task<Result<Answer>> void_authorization(Env env, Void request);
  Task<Result<Answer>> refund(Env env, Refund request);
  Task<Result<KeyStatus>> status(Env env, Status request);

 private:
  std::int64_t key_lifetime_ms_;
};

ServiceBlueprint psp_blueprint();

}  // namespace soundcheck::psp
