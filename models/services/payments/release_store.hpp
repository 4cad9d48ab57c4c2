#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/services/payments/store.hpp"

// Payments' books: giving back. Voids, refunds, and the undo of a payment's steps.
namespace soundcheck::payments {

struct ReleaseBegun {
  bool finished =
      false;  // undone before, or there never was such a payment: now there never will be
  bool repeated = false;  // an earlier attempt may have reached the bank
  std::string outcome;    // when finished
  Payment payment;
};
ReleaseBegun begin_release(Transaction& transaction, const Step& undo, const Release& request,
                           const FenceRules& rules);
// Nothing was done, so nothing is undone. A payment that the bank never saw is closed.
Result<Payment> book_nothing(Transaction& transaction, const Step& undo,
                             const std::string& payment_id, const bool& capture_only,
                             const FenceRules& rules);
// `undo` outside of a saga: a void that was asked for.
Result<Payment> book_void(Transaction& transaction, const Step& undo, const std::string& payment_id,
                          const FenceRules& rules);
// The undo of an authorisation whose capture was paid back: the hold is used up.
Result<Payment> book_consumed(Transaction& transaction, const Step& undo,
                              const std::string& payment_id, const FenceRules& rules);

struct RefundRow {
  std::string refund_id;
  std::string idem;
  std::int64_t amount = 0;
  std::string state;  // REQUESTED DONE FAILED
  bool repeated = false;
};
// One refund for each reason, never more than is left of the capture (CONFLICT). `always_new`: a
// new one at each call (a seeded defect).
Result<RefundRow> begin_refund(Transaction& transaction, const Step& step, const Refund& request,
                               const FenceRules& rules, const bool& always_new);
// What a refund is to its saga.
struct RefundUndoes {
  Step capture;        // in a saga: the refund undoes this step
  Step authorization;  // and this one, too
  Step forward;        // in a saga: the refund is itself a forward step
};
Result<Payment> book_refund(Transaction& transaction, const std::string& payment_id,
                            const std::string& refund_id, const std::string& operation_id,
                            const RefundUndoes& undoes, const FenceRules& rules);
OutboxEvent refund_event_of(const Payment& payment, const RefundRow& refund);

}  // namespace soundcheck::payments
