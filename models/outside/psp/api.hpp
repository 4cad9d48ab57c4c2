#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/env/rpc.hpp"

// The contract of a bank (payment service provider), as its customers see it; models/outside serves
// it.
//
// Every operation names the merchant's reference and may carry an idempotency key. For 24 hours the
// bank answers a key that it knows with the stored answer, whether that was a success or a decline,
// and executes nothing. A key used again for something else is refused (INVALID). Without a key
// every request is executed. The bank does what it is asked to: that a payment is captured once,
// not after its void and not refunded twice is the merchant's duty.
namespace soundcheck::psp {

struct Answer {
  bool approved = false;
  std::string reason;        // of a decline
  std::string operation_id;  // of what was executed
  bool key_closed =
      false;  // declined because the merchant closed the key before the request arrived
  static constexpr auto fields() {
    return std::tuple{field("approved", &Answer::approved), field("reason", &Answer::reason),
                      field("operation_id", &Answer::operation_id),
                      field("key_closed", &Answer::key_closed)};
  }
};

// Holds an amount on the customer's card.
struct Authorize {
  static constexpr RpcName rpc{"psp", "authorize", "POST /authorizations"};
  using Reply = Answer;
  std::string merchant_ref;
  std::string key;
  std::string customer_id;
  std::int64_t amount = 0;  // minor units
  static constexpr auto fields() {
    return std::tuple{field("merchant_ref", &Authorize::merchant_ref),
                      field("key", &Authorize::key), field("customer_id", &Authorize::customer_id),
                      field("amount", &Authorize::amount)};
  }
};

// Takes money that was authorised under this reference. Not after `valid_until_ms` of the bank's
// clock (INVALID; not stored under the key): what was allowed for a time must not be executed
// later, however long the request travelled.
struct Capture {
  static constexpr RpcName rpc{"psp", "capture", "POST /captures"};
  using Reply = Answer;
  std::string merchant_ref;
  std::string key;
  std::int64_t amount = 0;
  std::int64_t valid_until_ms = 0;  // 0: always
  static constexpr auto fields() {
    return std::tuple{field("merchant_ref", &Capture::merchant_ref), field("key", &Capture::key),
                      field("amount", &Capture::amount),
                      field("valid_until_ms", &Capture::valid_until_ms)};
  }
};

// Lets go of an authorisation.
struct Void {
  static constexpr RpcName rpc{"psp", "void", "POST /voids"};
  using Reply = Answer;
  std::string merchant_ref;
  std::string key;
  static constexpr auto fields() {
    return std::tuple{field("merchant_ref", &Void::merchant_ref), field("key", &Void::key)};
  }
};

struct Refund {
  static constexpr RpcName rpc{"psp", "refund", "POST /refunds"};
  using Reply = Answer;
  std::string merchant_ref;
  std::string key;
  std::int64_t amount = 0;
  static constexpr auto fields() {
    return std::tuple{field("merchant_ref", &Refund::merchant_ref), field("key", &Refund::key),
                      field("amount", &Refund::amount)};
  }
};

// What became of a key, at any later time. With `close` a key that the bank has not seen is closed:
// a request with it that is still on its way will be declined. Cards know this as the reversal that
// overtakes its original (ISO 8583).
struct KeyStatus {
  bool known = false;
  Answer answer;
  static constexpr auto fields() {
    return std::tuple{field("known", &KeyStatus::known), field("answer", &KeyStatus::answer)};
  }
};
struct Status {
  static constexpr RpcName rpc{"psp", "status", "GET /keys/{key}"};
  using Reply = KeyStatus;
  std::string key;
  bool close = false;
  static constexpr auto fields() {
    return std::tuple{field("key", &Status::key), field("close", &Status::close)};
  }
};

}  // namespace soundcheck::psp
