#pragma once

#include <string>

#include "models/blueprint/blueprint.hpp"
#include "models/outside/psp/api.hpp"
#include "models/services/auth/api.hpp"
#include "models/services/common/fence.hpp"
#include "models/services/common/outbox_relay.hpp"
#include "models/services/payments/api.hpp"
#include "models/services/payments/release_store.hpp"
#include "models/services/payments/store.hpp"

namespace soundcheck::payments {

struct PaymentsSettings {
  Duration decision_margin = Duration::minutes(2);
  static const ParameterTable<PaymentsSettings>& parameters();
};

// Takes money through the bank, never alone: auth decides first, and logging hears of every
// movement through the outbox.
//
// Between our books and the bank's there is a network. Each operation therefore has three parts:
// begin (a local transaction that makes the attempt known), the bank under an idempotency key, and
// book (a local transaction with effect, fence and outbox). Whoever finds an attempt begun but not
// booked asks the bank what became of its key.
class Payments final : public Service {
 public:
  explicit Payments(const ServiceSettings& settings);

  Task<Result<Receipt>> authorize(Env env, Authorize request);
  Task<Result<Receipt>> capture(Env env, Capture request);
  Task<Result<Receipt>> void_payment(Env env, Void request);
  Task<Result<Receipt>> refund(Env env, Refund request);
  Task<Result<Released>> release(Env env, Release request);
  Task<Result<Receipt>> status(Env env, GetPayment request);
  Task<void> background(Env env) override;

 private:
  struct Defects {
    bool capture_without_key = false;
    bool key_expired = false;
    bool refund_without_key = false;
    bool void_on_unknown = false;
    bool void_ignores_capture = false;  // undo_completed_only: each step's own inverse and no more
    bool fail_open_auth = false;
  };

  // Auth's approval, or its denial; unknown stays unknown.
  Task<Result<auth::BillingDecision>> decide(Env env, std::string payment_id, std::string user_id,
                                             std::int64_t amount);
  Task<Result<Payment>> decline(Env env, Payment payment, std::string decision_id,
                                std::string reason);
  Task<Result<Payment>> with_valid_decision(Env env, Payment payment);
  Task<Result<Payment>> book_answer_to_capture(Env env, Payment payment, psp::Answer answer);
  // What the bank knows of attempts that were begun and not booked, now booked; the keys of those
  // that it has not seen are closed.
  Task<Result<Payment>> find_out(Env env, Payment payment, bool capture_only);
  Task<Result<Payment>> cancel_hold(Env env, Payment payment, Step undo, bool repeated);
  Task<Result<Payment>> pay_back(Env env, Payment payment, Refund request, RefundUndoes undoes);

  FenceRules rules_;
  Defects defects_;
  std::int64_t decision_margin_ms_;  // PaymentsSettings::decision_margin
  OutboxRelay relay_;
};

// The rows of users that exist before a run.
std::vector<SeedRows> seed_rows();

}  // namespace soundcheck::payments
