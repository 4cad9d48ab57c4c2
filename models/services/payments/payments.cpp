#include "models/services/payments/payments.hpp"

#include <utility>

#include "models/services/common/embedded.hpp"
#include "models/services/payments/bank_client.hpp"

namespace soundcheck::payments {
namespace {

constexpr SeededDefect kCaptureWithoutKey{
    "capture_without_key", "a retry after a lost reply captures again (P1, L1, and P11 or E6)"};
constexpr SeededDefect kFailOpenAuth{"fail_open_auth",
                                     "payments approves when auth does not answer (P6)"};
constexpr SeededDefect kKeyExpired{
    "key_expired", "a retry after the bank forgot the key, without asking for its status (P1)"};
constexpr SeededDefect kRefundWithoutKey{"refund_without_key",
                                         "a retried undo refunds twice (P4, P7)"};
constexpr SeededDefect kVoidOnUnknown{
    "void_on_unknown", "the undo voids without asking whether the capture happened (P5 or P7)"};

// A failed authentication service is not an approval; the defect fail_open_auth thinks otherwise.
auth::BillingDecision approval_by_nobody() {
  return {.approved = true};
}

}  // namespace

const ParameterTable<PaymentsSettings>& PaymentsSettings::parameters() {
  static const auto table =
      ParameterTable<PaymentsSettings>("payments", "How payments asks auth.")
          .optional("decision_margin", &PaymentsSettings::decision_margin,
                    "payments asks auth again when less than this is left of an approval");
  return table;
}

Payments::Payments(const ServiceSettings& settings)
    : rules_(FenceRules::of(settings)),
      defects_{.capture_without_key = settings.defect(kCaptureWithoutKey),
               .key_expired = settings.defect(kKeyExpired),
               .refund_without_key = settings.defect(kRefundWithoutKey),
               .void_on_unknown = settings.defect(kVoidOnUnknown),
               .void_ignores_capture = settings.defect(kUndoCompletedOnly),
               .fail_open_auth = settings.defect(kFailOpenAuth)},
      decision_margin_ms_(settings.of<PaymentsSettings>().decision_margin.in_milliseconds()),
      relay_({&PaymentsOutbox::pending, &PaymentsOutbox::mark_published}, settings) {}

Task<void> Payments::background(Env env) {
  co_await relay_.run(std::move(env));
}

Task<Result<auth::BillingDecision>> Payments::decide(Env env, std::string payment_id,
                                                     std::string user_id, std::int64_t amount) {
  auth::AuthorizeBilling question{.payment_id = std::move(payment_id),
                                  .user_id = std::move(user_id),
                                  .amount = amount,
                                  .min_validity_ms = decision_margin_ms_};
  Result<auth::BillingDecision> decision = co_await env.call(std::move(question));
  if (!decision && defects_.fail_open_auth) co_return approval_by_nobody();
  co_return decision;
}

Task<Result<Payment>> Payments::decline(Env env, Payment payment, std::string decision_id,
                                        std::string reason) {
  Result<Payment> booked = co_await env.transact(&book_decline, payment.payment_id,
                                                 std::move(decision_id), std::move(reason));
  if (booked) relay_.announce(env, event_of(*booked, "DECLINE"));
  co_return booked;
}

Task<Result<Receipt>> Payments::authorize(Env env, Authorize request) {
  Result<Begun> begun =
      co_await env.transact(&begin_authorization, current_step(env), request, rules_);
  if (!begun) co_return std::unexpected(begun.error());
  if (begun->refused) co_return failure(ErrorCode::kConflict, "the payment was released before");
  const Payment payment = std::move(begun->payment);
  if (payment.state != "CREATED") co_return receipt_of(payment);  // a retry gets the first answer

  Result<auth::BillingDecision> decision =
      co_await decide(env, payment.payment_id, request.user_id, request.amount);
  if (!decision) co_return std::unexpected(decision.error());
  if (!decision->approved) {
    Result<Payment> denied =
        co_await decline(env, payment, decision->decision_id, decision->reason);
    if (!denied) co_return std::unexpected(denied.error());
    co_return receipt_of(*denied);
  }

  psp::Authorize order{.merchant_ref = payment.payment_id,
                       .key = request.idem,
                       .customer_id = request.user_id,
                       .amount = request.amount};
  Result<psp::Answer> answer = co_await ask_bank(env, std::move(order), begun->repeated);
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->key_closed)
    co_return failure(ErrorCode::kConflict, "the payment was released before");
  if (!answer->approved) {
    Result<Payment> declined =
        co_await decline(env, payment, decision->decision_id, answer->reason);
    if (!declined) co_return std::unexpected(declined.error());
    co_return receipt_of(*declined);
  }

  Result<Payment> booked =
      co_await env.transact(&book_authorization, payment.payment_id, std::move(*decision));
  if (!booked) co_return std::unexpected(booked.error());
  co_return receipt_of(*booked);
}

Task<Result<Payment>> Payments::with_valid_decision(Env env, Payment payment) {
  const std::int64_t now_ms = env.clock().in_milliseconds();
  const bool decided_by_auth = !payment.decision_id.empty();
  if (!decided_by_auth || payment.decision_expires_at - now_ms >= decision_margin_ms_) {
    co_return payment;
  }
  Result<auth::BillingDecision> decision =
      co_await decide(env, payment.payment_id, payment.user_id, payment.amount);
  if (!decision) co_return std::unexpected(decision.error());
  if (!decision->approved) {
    Result<Payment> declined =
        co_await env.transact(&book_capture_decline, payment.payment_id, decision->reason);
    if (declined) relay_.announce(env, event_of(*declined, "DECLINE"));
    co_return declined;
  }
  payment.decision_id = decision->decision_id;
  payment.decision_expires_at = decision->expires_at_ms;
  Result<void> stored =
      co_await env.transact(&store_decision, payment.payment_id, std::move(*decision));
  if (!stored) co_return std::unexpected(stored.error());
  co_return payment;
}

Task<Result<Payment>> Payments::book_answer_to_capture(Env env, Payment payment,
                                                       psp::Answer answer) {
  if (answer.key_closed) co_return failure(ErrorCode::kConflict, "the payment was released before");
  if (!answer.approved) {
    Result<Payment> declined =
        co_await env.transact(&book_capture_decline, payment.payment_id, std::move(answer.reason));
    if (declined) relay_.announce(env, event_of(*declined, "DECLINE"));
    co_return declined;
  }
  std::string also_from;
  if (!rules_.refuse_late) also_from = "VOIDED";
  if (defects_.capture_without_key) also_from = "CAPTURED";
  Result<Payment> booked = co_await env.transact(
      &book_capture, payment.payment_id, std::move(answer.operation_id), std::move(also_from));
  if (booked) relay_.announce(env, event_of(*booked, "CAPTURE"));
  co_return booked;
}

Task<Result<Receipt>> Payments::capture(Env env, Capture request) {
  Result<Begun> begun = co_await env.transact(&begin_capture, current_step(env), request, rules_);
  if (!begun) co_return std::unexpected(begun.error());
  if (begun->refused) co_return failure(ErrorCode::kConflict, "the payment was released before");
  const bool no_keys = defects_.capture_without_key;
  const bool finished = begun->payment.captured() || !begun->payment.decline_reason.empty();
  if (finished && !no_keys) co_return receipt_of(begun->payment);

  std::optional<psp::Answer> answer;
  if (begun->repeated && !no_keys && !defects_.key_expired) {
    psp::Status question{.key = begun->payment.capture_key};
    Result<psp::KeyStatus> status = co_await env.call(std::move(question));
    if (!status) co_return std::unexpected(status.error());
    if (status->known) answer = std::move(status->answer);
  }
  if (!answer) {
    Result<Payment> allowed = co_await with_valid_decision(env, begun->payment);
    if (!allowed) co_return std::unexpected(allowed.error());
    if (!allowed->decline_reason.empty()) co_return receipt_of(*allowed);
    psp::Capture order{.merchant_ref = allowed->payment_id,
                       .key = no_keys ? std::string() : allowed->capture_key,
                       .amount = allowed->amount,
                       .valid_until_ms = allowed->decision_expires_at};
    Result<psp::Answer> executed = co_await env.call(std::move(order));
    if (!executed) {
      // The order arrived after its time: the next attempt comes with a new decision.
      if (executed.error().code != ErrorCode::kInvalid) co_return std::unexpected(executed.error());
      co_return failure(ErrorCode::kUnavailable, executed.error().text);
    }
    answer = std::move(*executed);
  }
  Result<Payment> booked =
      co_await book_answer_to_capture(env, std::move(begun->payment), std::move(*answer));
  if (!booked) co_return std::unexpected(booked.error());
  co_return receipt_of(*booked);
}

Task<Result<Payment>> Payments::cancel_hold(Env env, Payment payment, Step undo, bool repeated) {
  psp::Void order{.merchant_ref = payment.payment_id, .key = payment.idem + ":undo"};
  Result<psp::Answer> answer = co_await ask_bank(env, std::move(order), repeated);
  if (!answer) co_return std::unexpected(answer.error());
  Result<Payment> booked =
      co_await env.transact(&book_void, std::move(undo), payment.payment_id, rules_);
  if (booked) relay_.announce(env, event_of(*booked, "VOID"));
  co_return booked;
}

Task<Result<Receipt>> Payments::void_payment(Env env, Void request) {
  Result<std::optional<Payment>> found = co_await env.read(&find_payment, request.payment_id);
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return failure(ErrorCode::kNotFound, "no payment " + request.payment_id);
  Payment payment = std::move(**found);
  if (payment.state == "VOIDED") co_return receipt_of(payment);
  if (payment.state != "AUTHORIZED" || !payment.capture_key.empty()) {
    co_return failure(ErrorCode::kConflict, "only an authorisation that nobody captures is voided");
  }
  Result<Payment> voided = co_await cancel_hold(env, std::move(payment), Step{}, true);
  if (!voided) co_return std::unexpected(voided.error());
  co_return receipt_of(*voided);
}

Task<Result<Payment>> Payments::pay_back(Env env, Payment payment, Refund request,
                                         RefundUndoes undoes) {
  const bool always_new = defects_.refund_without_key;
  Result<RefundRow> begun =
      co_await env.transact(&begin_refund, current_step(env), request, rules_, always_new);
  if (!begun) co_return std::unexpected(begun.error());
  if (begun->state == "FAILED")
    co_return failure(ErrorCode::kConflict, "the refund was undone before");
  std::string operation_id;
  if (begun->state == "REQUESTED") {
    psp::Refund order{.merchant_ref = payment.payment_id,
                      .key = always_new ? std::string() : begun->idem,
                      .amount = begun->amount};
    Result<psp::Answer> answer = co_await ask_bank(env, std::move(order), begun->repeated);
    if (!answer) co_return std::unexpected(answer.error());
    if (!answer->approved) co_return failure(ErrorCode::kUnavailable, answer->reason);
    operation_id = std::move(answer->operation_id);
  }
  Result<Payment> booked =
      co_await env.transact(&book_refund, payment.payment_id, begun->refund_id,
                            std::move(operation_id), std::move(undoes), rules_);
  if (booked) relay_.announce(env, refund_event_of(*booked, *begun));
  co_return booked;
}

Task<Result<Receipt>> Payments::refund(Env env, Refund request) {
  Result<std::optional<Payment>> found = co_await env.read(&find_payment, request.payment_id);
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return failure(ErrorCode::kNotFound, "no payment " + request.payment_id);
  RefundUndoes undoes{.forward = current_step(env)};
  Result<Payment> refunded =
      co_await pay_back(env, std::move(**found), std::move(request), std::move(undoes));
  if (!refunded) co_return std::unexpected(refunded.error());
  co_return receipt_of(*refunded);
}

Task<Result<Payment>> Payments::find_out(Env env, Payment payment, bool capture_only) {
  const bool close = rules_.refuse_late;
  if (payment.state == "CREATED" && !capture_only) {
    psp::Status question{.key = payment.idem, .close = close};
    Result<psp::KeyStatus> status = co_await env.call(std::move(question));
    if (!status) co_return std::unexpected(status.error());
    if (!status->known || status->answer.key_closed) co_return payment;
    if (!status->answer.approved) {
      Result<Payment> declined = co_await decline(env, payment, {}, status->answer.reason);
      co_return declined;
    }
    // Authorised under a decision that auth keeps and we have lost with the reply.
    Result<Payment> found = co_await env.transact(&book_authorization, payment.payment_id,
                                                  auth::BillingDecision{.approved = true});
    if (!found) co_return std::unexpected(found.error());
    payment = std::move(*found);
  }
  // Also when the capture was declined: an earlier attempt may still be on its way.
  const bool capture_unknown = payment.state == "AUTHORIZED" && !payment.capture_key.empty();
  if (!capture_unknown || defects_.void_on_unknown) co_return payment;
  psp::Status question{.key = payment.capture_key, .close = close};
  Result<psp::KeyStatus> status = co_await env.call(std::move(question));
  if (!status) co_return std::unexpected(status.error());
  if (!status->known || !status->answer.approved) co_return payment;
  Result<Payment> captured =
      co_await book_answer_to_capture(env, std::move(payment), std::move(status->answer));
  co_return captured;
}

Task<Result<Released>> Payments::release(Env env, Release request) {
  const Step undo = current_step(env);
  Result<ReleaseBegun> begun = co_await env.transact(&begin_release, undo, request, rules_);
  if (!begun) co_return std::unexpected(begun.error());
  if (begun->finished) co_return Released{begun->payment.payment_id, begun->outcome};

  Result<Payment> known = co_await find_out(env, begun->payment, request.capture_only);
  if (!known) co_return std::unexpected(known.error());
  const std::string payment_id = known->payment_id;
  const std::int64_t left = known->amount - known->refunded;
  const bool leave_capture = defects_.void_ignores_capture && !request.capture_only;
  if (known->captured() && left > 0 && !leave_capture) {
    RefundUndoes undoes;
    undoes.capture = Step{known->saga_id, known->capture_step, true};
    if (!request.capture_only) undoes.authorization = undo;
    Refund refund_all{
        .payment_id = payment_id, .reason = "RELEASE:" + known->saga_id, .amount = left};
    Result<Payment> refunded =
        co_await pay_back(env, std::move(*known), std::move(refund_all), std::move(undoes));
    if (!refunded) co_return std::unexpected(refunded.error());
    co_return Released{payment_id, "REFUNDED"};
  }
  if (known->captured() && left == 0 && !request.capture_only) {
    Result<Payment> consumed = co_await env.transact(&book_consumed, undo, payment_id, rules_);
    if (!consumed) co_return std::unexpected(consumed.error());
    co_return Released{payment_id, "REFUNDED"};
  }
  if (known->state == "AUTHORIZED" && !request.capture_only) {
    Result<Payment> voided = co_await cancel_hold(env, std::move(*known), undo, begun->repeated);
    if (!voided) co_return std::unexpected(voided.error());
    co_return Released{payment_id, "VOIDED"};
  }
  Result<Payment> nothing =
      co_await env.transact(&book_nothing, undo, payment_id, request.capture_only, rules_);
  if (!nothing) co_return std::unexpected(nothing.error());
  co_return Released{payment_id, "NOOP"};
}

Task<Result<Receipt>> Payments::status(Env env, GetPayment request) {
  Result<std::optional<Payment>> found = co_await env.read(&find_payment, request.payment_id);
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return failure(ErrorCode::kNotFound, "no payment " + request.payment_id);
  co_return receipt_of(**found);
}

ServiceBlueprint blueprint() {
  ServiceBlueprint blueprint;
  blueprint.name = "payments";
  blueprint.help = "authorises, captures, voids and refunds through the bank; asks auth first";
  blueprint.cost = Distribution::lognormal(2_ms, 8_ms);
  blueprint.schema = services::embedded_sql("payments/schema.sql");
  blueprint.schema += effects_table("payments") + outbox_table("payments");
  blueprint.invariants = services::embedded_sql("payments/invariants.sql");
  blueprint.seed_rows = seed_rows();
  blueprint.settings = {&PaymentsSettings::parameters(), &OutboxSettings::parameters()};
  blueprint.defects = {kBlindUndo,        kCaptureWithoutKey, kDualWriteLog,
                       kFailOpenAuth,     kKeyExpired,        kNoFence,
                       kRefundWithoutKey, kUndoCompletedOnly, kVoidOnUnknown};
  blueprint.created_as<Payments>();
  blueprint.handles<&Payments::authorize>();
  blueprint.handles<&Payments::capture>();
  blueprint.handles<&Payments::void_payment>();
  blueprint.handles<&Payments::refund>();
  blueprint.handles<&Payments::release>();
  blueprint.handles<&Payments::status>();
  return blueprint;
}

}  // namespace soundcheck::payments
