#pragma once

#include "models/blueprint/blueprint.hpp"
#include "models/outside/psp/api.hpp"

namespace soundcheck::psp {

struct PspSettings {
  Duration key_lifetime = Duration::hours(24);
  Percentage declined_authorizations;
  Percentage declined_captures;
  static const ParameterTable<PspSettings>& parameters();
};

// The bank. Not ours: it keeps its contract (models/outside/psp/api.hpp) and knows no saga.
class Psp final : public Service {
 public:
  explicit Psp(const ServiceSettings& settings)
      : key_lifetime_ms_(settings.of<PspSettings>().key_lifetime.in_milliseconds()) {}

  Task<Result<Answer>> authorize(Env env, Authorize request);
  Task<Result<Answer>> capture(Env env, Capture request);
  Task<Result<Answer>> void_authorization(Env env, Void request);
  Task<Result<Answer>> refund(Env env, Refund request);
  Task<Result<KeyStatus>> status(Env env, Status request);

 private:
  std::int64_t key_lifetime_ms_;
};

// What the bank knows of the users before a run.
std::vector<SeedRows> seed_rows();
// What it thinks of a newcomer: "", "AUTH" or "CAPTURE", whichever it declines.
std::string_view declines(const Population& population, std::int64_t user);

}  // namespace soundcheck::psp
