#include "models/services/payments/store.hpp"

#include <fmt/format.h>

#include "sim/core/fingerprint.hpp"

namespace soundcheck::payments {
namespace {

Payment payment_of(const SqlRow& row) {
  return {.payment_id = row.text(0),
          .idem = row.text(1),
          .user_id = row.text(2),
          .amount = row.integer(3),
          .state = row.text(4),
          .saga_id = row.text(5),
          .decision_id = row.text(6),
          .decision_expires_at = row.integer(7),
          .decline_reason = row.text(8),
          .authorize_step = row.text(9),
          .capture_step = row.text(10),
          .capture_key = row.text(11),
          .refunded = row.integer(12)};
}

}  // namespace

Receipt receipt_of(const Payment& payment) {
  return {payment.payment_id, payment.state, payment.decline_reason, payment.amount,
          payment.refunded};
}

std::string payment_id_of(const std::string& idem) {
  return fmt::format("pay-{:016x}", hash_text(idem));
}

OutboxEvent event_of(const Payment& payment, const std::string& kind) {
  return {.event_id = payment.payment_id + ":" + kind,
          .kind = kind,
          .ref_id = payment.payment_id,
          .amount = payment.amount,
          .saga_id = payment.saga_id};
}

std::optional<Payment> find_payment(Transaction& transaction, const std::string& payment_id) {
  static constexpr Sql kSql{
      "SELECT p.payment_id, p.idem, p.user_id, p.amount, p.state, p.saga_id, p.decision_id, "
      "p.decision_expires_at, p.decline_reason, p.authorize_step, p.capture_step, p.capture_key, "
      "(SELECT SUM(r.amount) FROM payments.refunds r "
      "WHERE r.payment_id = p.payment_id AND r.state = 'DONE') "
      "FROM payments.payments p WHERE p.payment_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, payment_id);
  if (!row) return std::nullopt;
  return payment_of(*row);
}

Result<Payment> existing_payment(Transaction& transaction, const std::string& payment_id) {
  std::optional<Payment> payment = find_payment(transaction, payment_id);
  if (!payment) return failure(ErrorCode::kNotFound, "no payment " + payment_id);
  return std::move(*payment);
}

std::optional<Payment> find_by_idem(Transaction& transaction, const std::string& idem) {
  return find_payment(transaction, payment_id_of(idem));
}

Result<Begun> begin_authorization(Transaction& transaction, const Step& step,
                                  const Authorize& request, const FenceRules& rules) {
  std::optional<Payment> earlier = find_by_idem(transaction, request.idem);
  if (earlier) return Begun{.repeated = true, .payment = std::move(*earlier)};
  if (!kFence.admits(transaction, step, Role::kCompensatable, rules)) return Begun{.refused = true};
  static constexpr Sql kInsert{
      "INSERT INTO payments.payments (payment_id, idem, user_id, purpose, ref_id, amount, state, "
      "saga_id, authorize_step) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'CREATED', ?7, ?8)"};
  const std::string payment_id = payment_id_of(request.idem);
  transaction.execute(kInsert, payment_id, request.idem, request.user_id, request.purpose,
                      request.ref_id, request.amount, step.saga_id, step.name);
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (!payment) return std::unexpected(payment.error());
  return Begun{.payment = std::move(*payment)};
}

Result<Payment> book_authorization(Transaction& transaction, const std::string& payment_id,
                                   const auth::BillingDecision& decision) {
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET state = 'AUTHORIZED', decision_id = ?2, "
      "decision_expires_at = ?3 WHERE payment_id = ?1 AND state = 'CREATED'"};
  const bool changed =
      transaction.execute(kUpdate, payment_id, decision.decision_id, decision.expires_at_ms) > 0;
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (changed) kFence.record_do(transaction, payment->authorization(), Role::kCompensatable);
  return payment;
}

Result<Payment> book_decline(Transaction& transaction, const std::string& payment_id,
                             const std::string& decision_id, const std::string& reason) {
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET state = 'DECLINED', decision_id = ?2, decline_reason = ?3 "
      "WHERE payment_id = ?1 AND state = 'CREATED'"};
  const bool changed = transaction.execute(kUpdate, payment_id, decision_id, reason) > 0;
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (changed) PaymentsOutbox::add(transaction, event_of(*payment, "DECLINE"));
  return payment;
}

Result<Begun> begin_capture(Transaction& transaction, const Step& step, const Capture& request,
                            const FenceRules& rules) {
  Result<Payment> payment = existing_payment(transaction, request.payment_id);
  if (!payment) return std::unexpected(payment.error());
  if (!kFence.admits(transaction, step, Role::kPivot, rules)) {
    return Begun{.refused = true, .payment = std::move(*payment)};
  }
  // The state machine is part of the fence: without a fence a voided payment is captured, too.
  const bool open = payment->state == "AUTHORIZED" || payment->captured() ||
                    (payment->state == "VOIDED" && !rules.refuse_late);
  if (!open) return Begun{.refused = true, .payment = std::move(*payment)};
  const bool repeated = !payment->capture_key.empty();
  if (!repeated) {
    static constexpr Sql kUpdate{
        "UPDATE payments.payments SET capture_key = ?2, capture_step = ?3 WHERE payment_id = ?1"};
    transaction.execute(kUpdate, request.payment_id, request.idem, step.name);
    payment = existing_payment(transaction, request.payment_id);
  }
  return Begun{.repeated = repeated, .payment = std::move(*payment)};
}

void store_decision(Transaction& transaction, const std::string& payment_id,
                    const auth::BillingDecision& decision) {
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET decision_id = ?2, decision_expires_at = ?3 "
      "WHERE payment_id = ?1"};
  transaction.execute(kUpdate, payment_id, decision.decision_id, decision.expires_at_ms);
}

Result<Payment> book_capture(Transaction& transaction, const std::string& payment_id,
                             const std::string& operation_id, const std::string& also_from) {
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET state = 'CAPTURED' "
      "WHERE payment_id = ?1 AND state IN ('AUTHORIZED', ?2)"};
  const bool changed = transaction.execute(kUpdate, payment_id, also_from) > 0;
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (!changed) return payment;
  book_ledger(transaction, *payment, operation_id, payment->amount);
  kFence.record_do(transaction, payment->capture(), Role::kPivot);
  PaymentsOutbox::add(transaction, event_of(*payment, "CAPTURE"));
  return payment;
}

Result<Payment> book_capture_decline(Transaction& transaction, const std::string& payment_id,
                                     const std::string& reason) {
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET decline_reason = ?2 "
      "WHERE payment_id = ?1 AND state = 'AUTHORIZED' AND decline_reason IS NULL"};
  const bool changed = transaction.execute(kUpdate, payment_id, reason) > 0;
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (changed) PaymentsOutbox::add(transaction, event_of(*payment, "DECLINE"));
  return payment;
}

void book_ledger(Transaction& transaction, const Payment& payment, const std::string& operation_id,
                 std::int64_t cash) {
  static constexpr Sql kInsert{
      "INSERT INTO payments.ledger (entry_id, txn_id, account, amount, payment_id) "
      "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (entry_id) DO NOTHING"};
  transaction.execute(kInsert, operation_id + ":CASH", operation_id, "CASH", cash,
                      payment.payment_id);
  transaction.execute(kInsert, operation_id + ":REVENUE", operation_id, "REVENUE", -cash,
                      payment.payment_id);
}

}  // namespace soundcheck::payments
