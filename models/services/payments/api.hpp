#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/env/rpc.hpp"

namespace soundcheck::payments {

// What payments' books say about one payment. CREATED AUTHORIZED CAPTURED VOIDED DECLINED; a
// capture that the bank declined leaves the payment AUTHORIZED, with the reason, until it is
// released.
struct Receipt {
  std::string payment_id;
  std::string state;
  std::string decline_reason;
  std::int64_t amount = 0;
  std::int64_t refunded = 0;
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &Receipt::payment_id), field("state", &Receipt::state),
                      field("decline_reason", &Receipt::decline_reason),
                      field("amount", &Receipt::amount), field("refunded", &Receipt::refunded)};
  }
  bool declined() const { return !decline_reason.empty(); }
};

// Asks auth, then has the bank hold the amount. `idem` names the payment: asked again, it answers
// the first receipt.
struct Authorize {
  static constexpr RpcName rpc{"payments", "authorize", "POST /payments"};
  using Reply = Receipt;
  std::string idem;
  std::string user_id;
  std::string purpose;  // SUBSCRIBE, ...
  std::string ref_id;   // what is paid for; with the purpose, it is paid for once
  std::int64_t amount = 0;
  static constexpr auto fields() {
    return std::tuple{field("idem", &Authorize::idem), field("user_id", &Authorize::user_id),
                      field("purpose", &Authorize::purpose), field("ref_id", &Authorize::ref_id),
                      field("amount", &Authorize::amount)};
  }
};

// Takes the authorised amount. Retried with the same `idem` it first asks the bank what became of
// the earlier attempt.
struct Capture {
  static constexpr RpcName rpc{"payments", "capture", "POST /payments/{id}/capture"};
  using Reply = Receipt;
  std::string payment_id;
  std::string idem;
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &Capture::payment_id), field("idem", &Capture::idem)};
  }
};

// Gives up an authorisation that was not captured.
struct Void {
  static constexpr RpcName rpc{"payments", "void", "POST /payments/{id}/void"};
  using Reply = Receipt;
  std::string payment_id;
  static constexpr auto fields() { return std::tuple{field("payment_id", &Void::payment_id)}; }
};

// Pays back. `reason` is the refund's name ("CANCEL:42"): one refund for each.
struct Refund {
  static constexpr RpcName rpc{"payments", "refund", "POST /payments/{id}/refunds"};
  using Reply = Receipt;
  std::string payment_id;
  std::string reason;
  std::int64_t amount = 0;
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &Refund::payment_id), field("reason", &Refund::reason),
                      field("amount", &Refund::amount)};
  }
};

// The undo of a payment's steps, whatever became of them: finds out at the bank, then VOID if
// authorised, REFUND in full if captured, nothing but a fence if the bank never saw the payment.
// With `capture_only` it undoes the capture and leaves the authorisation to a second call.
struct Released {
  std::string payment_id;  // empty: no such payment
  std::string outcome;     // VOIDED REFUNDED NOOP
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &Released::payment_id),
                      field("outcome", &Released::outcome)};
  }
};
struct Release {
  static constexpr RpcName rpc{"payments", "release", "POST /payments/release"};
  using Reply = Released;
  std::string idem;  // that of Authorize: whoever undoes may never have learnt the payment's id
  bool capture_only = false;
  static constexpr auto fields() {
    return std::tuple{field("idem", &Release::idem), field("capture_only", &Release::capture_only)};
  }
};

// What the books say now; asks nobody.
struct GetPayment {
  static constexpr RpcName rpc{"payments", "status", "GET /payments/{id}"};
  using Reply = Receipt;
  std::string payment_id;
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &GetPayment::payment_id)};
  }
};

}  // namespace soundcheck::payments
