#include "models/outside/psp/psp.hpp"

#include <utility>

#include "models/outside/embedded.hpp"
#include "models/outside/psp/store.hpp"

namespace soundcheck::psp {

const ParameterTable<PspSettings>& PspSettings::parameters() {
  static const auto table =
      ParameterTable<PspSettings>("psp", "What the bank remembers, and whom it declines.")
          .optional("key_lifetime", &PspSettings::key_lifetime,
                    "how long the bank remembers an idempotency key", above_zero)
          .optional("declined_authorizations", &PspSettings::declined_authorizations,
                    "share of the users without a plan for whom the bank declines to hold money",
                    at_most(Percentage::of(1)))
          .optional("declined_captures", &PspSettings::declined_captures,
                    "share of them for whom it holds money and then declines to pay",
                    at_most(Percentage::of(1)));
  return table;
}

Task<Result<Answer>> Psp::authorize(Env env, Authorize request) {
  Order order{.kind = "AUTH",
              .merchant_ref = std::move(request.merchant_ref),
              .key = std::move(request.key),
              .amount = request.amount,
              .customer_id = std::move(request.customer_id)};
  Result<Answer> answer = co_await env.transact(&execute, std::move(order), key_lifetime_ms_);
  co_return answer;
}

Task<Result<Answer>> Psp::capture(Env env, Capture request) {
  Order order{.kind = "CAPTURE",
              .merchant_ref = std::move(request.merchant_ref),
              .key = std::move(request.key),
              .amount = request.amount,
              .valid_until_ms = request.valid_until_ms};
  Result<Answer> answer = co_await env.transact(&execute, std::move(order), key_lifetime_ms_);
  co_return answer;
}

Task<Result<Answer>> Psp::void_authorization(Env env, Void request) {
  Order order{.kind = "VOID",
              .merchant_ref = std::move(request.merchant_ref),
              .key = std::move(request.key)};
  Result<Answer> answer = co_await env.transact(&execute, std::move(order), key_lifetime_ms_);
  co_return answer;
}

Task<Result<Answer>> Psp::refund(Env env, Refund request) {
  Order order{.kind = "REFUND",
              .merchant_ref = std::move(request.merchant_ref),
              .key = std::move(request.key),
              .amount = request.amount};
  Result<Answer> answer = co_await env.transact(&execute, std::move(order), key_lifetime_ms_);
  co_return answer;
}

Task<Result<KeyStatus>> Psp::status(Env env, Status request) {
  Result<KeyStatus> status = co_await env.transact(&find_key, std::move(request));
  co_return status;
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "psp";
  blueprint.help = "the bank: a party outside, with its own record of what it did";
  blueprint.replicas = 1;
  blueprint.workers = 256;
  blueprint.queue = 1024;
  blueprint.cost = Distribution::lognormal(20_ms, 80_ms);
  blueprint.schema = outside::embedded_sql("psp/schema.sql");
  blueprint.seed_rows = seed_rows();
  blueprint.settings = {&PspSettings::parameters()};
  blueprint.created_as<Psp>();
  blueprint.handles<&Psp::authorize>();
  blueprint.handles<&Psp::capture>();
  blueprint.handles<&Psp::void_authorization>();
  blueprint.handles<&Psp::refund>();
  blueprint.handles<&Psp::status>();
  return blueprint;
}

}  // namespace soundcheck::psp
