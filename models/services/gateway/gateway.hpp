#pragma once

#include <cstdint>
#include <string>

#include "models/blueprint/blueprint.hpp"
#include "models/services/gateway/api.hpp"
#include "models/services/gateway/store.hpp"

namespace soundcheck::gateway {

// A saga is named after what the client asked for, so that the client's retry finds the saga that
// runs already.
std::uint64_t saga_of(const std::string& user_id, const std::string& client_key,
                      const std::string& route);

// The one entry for browsers and devices: authenticates, keeps the client's idempotency key, starts
// sagas, routes.
class Gateway final : public Service {
 public:
  explicit Gateway(const ServiceSettings& settings);

  Task<Result<SagaAccepted>> subscribe(Env env, Subscribe request);
  Task<Result<MySubscriptionView>> my_subscription(Env env, MySubscription request);
  Task<Result<SagaView>> saga_status(Env env, SagaStatus request);

 private:
  Task<Result<void>> authenticate(Env env, std::string user_id, std::string token);
  // Keeps the request, starts its saga once, and answers it once.
  Task<Result<SagaAccepted>> start_saga(Env env, StoredRequest request, std::string workflow,
                                        Json input);

  bool dedupe_;
};

// What clients send.
std::vector<RequestType> request_types();

}  // namespace soundcheck::gateway
