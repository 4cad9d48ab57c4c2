#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/services/auth/api.hpp"
#include "models/services/common/fence.hpp"
#include "models/services/common/outbox.hpp"
#include "models/services/payments/api.hpp"
#include "sim/env/transaction.hpp"

// Payments' books: authorisation and capture. Each function is one step of the local state machine
//   CREATED -> AUTHORIZED -> CAPTURED, CREATED -> DECLINED, AUTHORIZED -> VOIDED, CREATED -> VOIDED
// and does nothing when the payment has moved on, so that whoever comes second finds what the first
// one did.
namespace soundcheck::payments {

inline constexpr Fence kFence = fence_of<"payments">();
using PaymentsOutbox = Outbox<"payments">;

struct Payment {
  std::string payment_id;
  std::string idem;
  std::string user_id;
  std::int64_t amount = 0;
  std::string state;
  std::string saga_id;
  std::string decision_id;
  std::int64_t decision_expires_at = 0;
  std::string decline_reason;
  std::string authorize_step;
  std::string capture_step;
  std::string capture_key;  // empty: no capture was ever begun
  std::int64_t refunded = 0;

  bool captured() const { return state == "CAPTURED"; }
  Step authorization() const { return {saga_id, authorize_step, false}; }
  Step capture() const { return {saga_id, capture_step, false}; }
};
Receipt receipt_of(const Payment& payment);

// The name that every attempt of a payment shares.
std::string payment_id_of(const std::string& idem);
// What logging hears of it.
OutboxEvent event_of(const Payment& payment, const std::string& kind);

struct Begun {
  bool refused = false;   // by the fence, or because there is no such payment any more
  bool repeated = false;  // an earlier attempt got this far, and may have reached the bank
  Payment payment;
};

std::optional<Payment> find_payment(Transaction& transaction, const std::string& payment_id);
// The same where it must be: an unknown payment is an error (NOT_FOUND). A database that loses
// commits which it has acknowledged can lose any payment between two transactions.
Result<Payment> existing_payment(Transaction& transaction, const std::string& payment_id);
std::optional<Payment> find_by_idem(Transaction& transaction, const std::string& idem);

// All of these answer NOT_FOUND where there is no such payment.
Result<Begun> begin_authorization(Transaction& transaction, const Step& step,
                                  const Authorize& request, const FenceRules& rules);
Result<Payment> book_authorization(Transaction& transaction, const std::string& payment_id,
                                   const auth::BillingDecision& decision);
Result<Payment> book_decline(Transaction& transaction, const std::string& payment_id,
                             const std::string& decision_id, const std::string& reason);

Result<Begun> begin_capture(Transaction& transaction, const Step& step, const Capture& request,
                            const FenceRules& rules);
void store_decision(Transaction& transaction, const std::string& payment_id,
                    const auth::BillingDecision& decision);
// `also_from`: books from this state, too (seeded defects).
Result<Payment> book_capture(Transaction& transaction, const std::string& payment_id,
                             const std::string& operation_id, const std::string& also_from);
Result<Payment> book_capture_decline(Transaction& transaction, const std::string& payment_id,
                                     const std::string& reason);

// Both sides of one movement of money, named after the bank's operation.
void book_ledger(Transaction& transaction, const Payment& payment, const std::string& operation_id,
                 std::int64_t cash);

}  // namespace soundcheck::payments
