#include "models/services/gateway/gateway.hpp"

#include <utility>

#include "models/orchestrator/api.hpp"
#include "models/services/auth/api.hpp"
#include "models/services/common/embedded.hpp"
#include "models/services/common/step.hpp"
#include "models/services/subscriptions/api.hpp"
#include "sim/core/fingerprint.hpp"

namespace soundcheck::gateway {
namespace {

constexpr SeededDefect kNoDedupe{"gateway_no_dedupe",
                                 "a client's retry starts a second saga (W2, P2)"};

}  // namespace

std::uint64_t saga_of(const std::string& user_id, const std::string& client_key,
                      const std::string& route) {
  const std::uint64_t saga = hash_text(route, hash_text(client_key, hash_text(user_id)));
  return saga == 0 ? 1 : saga;
}

Gateway::Gateway(const ServiceSettings& settings) : dedupe_(!settings.defect(kNoDedupe)) {}

Task<Result<void>> Gateway::authenticate(Env env, std::string user_id, std::string token) {
  auth::Authenticate question{std::move(user_id), std::move(token)};
  Result<auth::Authentication> answer = co_await env.call(std::move(question));
  if (!answer) co_return std::unexpected(answer.error());
  if (!answer->valid) co_return failure(ErrorCode::kForbidden, "not logged in");
  co_return Result<void>();
}

Task<Result<SagaAccepted>> Gateway::start_saga(Env env, StoredRequest request, std::string workflow,
                                               Json input) {
  std::uint64_t saga = saga_of(request.user_id, request.client_key, request.route);
  if (!dedupe_) saga = mix64(saga, env.random().bits() | 1);
  request.saga_id = saga_text(saga);
  const Env saga_env = env.for_saga({.saga = saga, .workflow = env.runtime().intern(workflow)},
                                    env.context()->deadline);

  Result<StoredRequest> stored = co_await saga_env.transact(&store_request, std::move(request));
  if (!stored) co_return std::unexpected(stored.error());
  if (stored->http_status != 0) co_return SagaAccepted{.saga_id = stored->saga_id};

  orchestrator::StartWorkflow start{.name = std::move(workflow),
                                    .input = std::move(input),
                                    .correlation_id = stored->client_key,
                                    .saga_id = stored->saga_id};
  Result<orchestrator::WorkflowStarted> started = co_await saga_env.call(std::move(start));
  if (!started) co_return std::unexpected(started.error());

  SagaAccepted accepted{.saga_id = stored->saga_id};
  Result<void> answered =
      co_await saga_env.transact(&store_answer, accepted.saga_id, accepted.http_status);
  if (!answered) co_return std::unexpected(answered.error());
  co_return accepted;
}

Task<Result<SagaAccepted>> Gateway::subscribe(Env env, Subscribe request) {
  Result<void> user = co_await authenticate(env, request.user_id, std::move(request.token));
  if (!user) co_return std::unexpected(user.error());
  if (request.client_key.empty()) co_return failure(ErrorCode::kInvalid, "no idempotency key");
  Json input{{"user_id", request.user_id}, {"plan", request.plan}};
  StoredRequest kept{.client_key = std::move(request.client_key),
                     .user_id = std::move(request.user_id),
                     .route = std::string(Subscribe::rpc.http)};
  Result<SagaAccepted> accepted =
      co_await start_saga(env, std::move(kept), "subscribe", std::move(input));
  co_return accepted;
}

Task<Result<MySubscriptionView>> Gateway::my_subscription(Env env, MySubscription request) {
  Result<void> user = co_await authenticate(env, request.user_id, std::move(request.token));
  if (!user) co_return std::unexpected(user.error());
  subscriptions::GetSubscription question{std::move(request.user_id)};
  Result<subscriptions::SubscriptionView> view = co_await env.call(std::move(question));
  if (!view) co_return std::unexpected(view.error());
  co_return MySubscriptionView{view->found, view->plan_id, view->state, view->paid_until_ms};
}

Task<Result<SagaView>> Gateway::saga_status(Env env, SagaStatus request) {
  Result<void> user = co_await authenticate(env, request.user_id, std::move(request.token));
  if (!user) co_return std::unexpected(user.error());
  Result<std::optional<StoredRequest>> found = co_await env.read(&find_request, request.saga_id);
  if (!found) co_return std::unexpected(found.error());
  if (!*found || (*found)->user_id != request.user_id) {
    co_return failure(ErrorCode::kNotFound, "no saga " + request.saga_id);
  }
  orchestrator::GetWorkflow question{.saga_id = request.saga_id};
  Result<orchestrator::WorkflowView> workflow = co_await env.call(std::move(question));
  if (!workflow) co_return std::unexpected(workflow.error());
  if (workflow->status == "COMPLETED" && (*found)->http_status != 200) {
    Result<void> told = co_await env.transact(&store_answer, request.saga_id, std::int64_t{200});
    if (!told) co_return std::unexpected(told.error());
  }
  co_return SagaView{workflow->found ? workflow->status : "ACCEPTED"};
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "gateway";
  blueprint.help = "the one entry for clients: authenticates, keeps idempotency keys, starts sagas";
  blueprint.workers = 128;
  blueprint.cost = Distribution::lognormal(1_ms, 4_ms);
  blueprint.schema = services::embedded_sql("gateway/schema.sql");
  blueprint.invariants = services::embedded_sql("gateway/invariants.sql");
  blueprint.defects = {kNoDedupe};
  blueprint.requests = request_types();
  blueprint.created_as<Gateway>();
  blueprint.handles<&Gateway::subscribe>();
  blueprint.handles<&Gateway::my_subscription>();
  blueprint.handles<&Gateway::saga_status>();
  return blueprint;
}

}  // namespace soundcheck::gateway
