#include "models/services/payments/release_store.hpp"

#include <fmt/format.h>

#include "sim/core/fingerprint.hpp"

namespace soundcheck::payments {
namespace {

std::string outcome_of(const Payment& payment) {
  if (payment.state == "VOIDED") return "VOIDED";
  return payment.refunded > 0 ? "REFUNDED" : "NOOP";
}

std::optional<RefundRow> find_refund(Transaction& transaction, const std::string& refund_id) {
  static constexpr Sql kSql{
      "SELECT refund_id, idem, amount, state FROM payments.refunds WHERE refund_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, refund_id);
  if (!row) return std::nullopt;
  return RefundRow{row->text(0), row->text(1), row->integer(2), row->text(3), true};
}

std::int64_t refund_count(Transaction& transaction, const std::string& payment_id) {
  static constexpr Sql kSql{"SELECT COUNT(*) FROM payments.refunds WHERE payment_id = ?1"};
  return transaction.query(kSql, payment_id).front().integer(0);
}

// Undoing twice is undoing once, so the undo's row is written by whoever comes first.
void record_undo_once(Transaction& transaction, const Step& undo, Role role, bool changed,
                      const FenceRules& rules) {
  if (!kFence.undone(transaction, undo)) {
    kFence.record_undo(transaction, undo, role, changed, rules);
  }
}

}  // namespace

ReleaseBegun begin_release(Transaction& transaction, const Step& undo, const Release& request,
                           const FenceRules& rules) {
  const Role role = request.capture_only ? Role::kPivot : Role::kCompensatable;
  std::optional<Payment> payment = find_by_idem(transaction, request.idem);
  if (!payment) {
    record_undo_once(transaction, undo, role, false, rules);
    return {.finished = true, .outcome = "NOOP"};
  }
  if (kFence.undone(transaction, undo)) {
    return {.finished = true, .outcome = outcome_of(*payment), .payment = std::move(*payment)};
  }
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET releases = releases + 1 WHERE payment_id = ?1 "
      "RETURNING releases"};
  const std::int64_t releases = transaction.query(kUpdate, payment->payment_id).front().integer(0);
  return {.repeated = releases > 1, .payment = std::move(*payment)};
}

Result<Payment> book_nothing(Transaction& transaction, const Step& undo,
                             const std::string& payment_id, const bool& capture_only,
                             const FenceRules& rules) {
  if (!capture_only) {
    static constexpr Sql kUpdate{
        "UPDATE payments.payments SET state = 'VOIDED' WHERE payment_id = ?1 AND state = "
        "'CREATED'"};
    transaction.execute(kUpdate, payment_id);
  }
  record_undo_once(transaction, undo, capture_only ? Role::kPivot : Role::kCompensatable, false,
                   rules);
  return existing_payment(transaction, payment_id);
}

Result<Payment> book_void(Transaction& transaction, const Step& undo, const std::string& payment_id,
                          const FenceRules& rules) {
  static constexpr Sql kUpdate{
      "UPDATE payments.payments SET state = 'VOIDED' "
      "WHERE payment_id = ?1 AND state = 'AUTHORIZED'"};
  const bool changed = transaction.execute(kUpdate, payment_id) > 0;
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (!payment) return payment;
  if (changed) PaymentsOutbox::add(transaction, event_of(*payment, "VOID"));
  record_undo_once(transaction, undo, Role::kCompensatable, changed, rules);
  return payment;
}

Result<Payment> book_consumed(Transaction& transaction, const Step& undo,
                              const std::string& payment_id, const FenceRules& rules) {
  record_undo_once(transaction, undo, Role::kCompensatable, true, rules);
  return existing_payment(transaction, payment_id);
}

Result<RefundRow> begin_refund(Transaction& transaction, const Step& step, const Refund& request,
                               const FenceRules& rules, const bool& always_new) {
  Result<Payment> payment = existing_payment(transaction, request.payment_id);
  if (!payment) return std::unexpected(payment.error());
  std::string idem = "refund:" + request.payment_id + ":" + request.reason;
  if (always_new) idem += fmt::format(":{}", refund_count(transaction, request.payment_id));
  const std::string refund_id = fmt::format("ref-{:016x}", hash_text(idem));
  std::optional<RefundRow> earlier = find_refund(transaction, refund_id);
  if (earlier) return std::move(*earlier);
  const bool is_undo = step.undo;
  if (!is_undo && !kFence.admits(transaction, step, Role::kPivot, rules)) {
    return RefundRow{.state = "FAILED"};
  }
  const bool too_much = request.amount > payment->amount - payment->refunded;
  if (!payment->captured() || request.amount <= 0 || (too_much && !always_new)) {
    return failure(ErrorCode::kConflict,
                   fmt::format("{} of {} cannot be paid back", request.amount, request.payment_id));
  }
  static constexpr Sql kInsert{
      "INSERT INTO payments.refunds (refund_id, payment_id, idem, amount, state, reason) "
      "VALUES (?1, ?2, ?3, ?4, 'REQUESTED', ?5)"};
  transaction.execute(kInsert, refund_id, request.payment_id, idem, request.amount, request.reason);
  return RefundRow{refund_id, idem, request.amount, "REQUESTED", false};
}

Result<Payment> book_refund(Transaction& transaction, const std::string& payment_id,
                            const std::string& refund_id, const std::string& operation_id,
                            const RefundUndoes& undoes, const FenceRules& rules) {
  static constexpr Sql kUpdate{
      "UPDATE payments.refunds SET state = 'DONE' WHERE refund_id = ?1 AND state = 'REQUESTED'"};
  const bool changed = transaction.execute(kUpdate, refund_id) > 0;
  Result<Payment> payment = existing_payment(transaction, payment_id);
  if (!payment) return payment;
  const std::optional<RefundRow> refund = find_refund(transaction, refund_id);
  if (!refund) return failure(ErrorCode::kNotFound, "no refund " + refund_id);
  if (changed) {
    book_ledger(transaction, *payment, operation_id, -refund->amount);
    PaymentsOutbox::add(transaction, refund_event_of(*payment, *refund));
    kFence.record_do(transaction, undoes.forward, Role::kPivot);
  }
  if (undoes.capture.in_saga()) {
    record_undo_once(transaction, undoes.capture, Role::kPivot, true, rules);
  }
  if (undoes.authorization.in_saga()) {
    record_undo_once(transaction, undoes.authorization, Role::kCompensatable, true, rules);
  }
  return payment;
}

OutboxEvent refund_event_of(const Payment& payment, const RefundRow& refund) {
  return {.event_id = refund.refund_id + ":REFUND",
          .kind = "REFUND",
          .ref_id = payment.payment_id,
          .amount = refund.amount,
          .saga_id = payment.saga_id};
}

}  // namespace soundcheck::payments
