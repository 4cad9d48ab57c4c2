#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "sim/env/rpc.hpp"

namespace soundcheck::logging {

// One thing that happened to a payment, under a name that it keeps however often it is sent.
struct TransactionEvent {
  std::string event_id;
  std::string payment_id;
  std::string event;  // CAPTURE REFUND VOID DECLINE
  std::int64_t amount = 0;
  std::string saga_id;
  static constexpr auto fields() {
    return std::tuple{field("event_id", &TransactionEvent::event_id),
                      field("payment_id", &TransactionEvent::payment_id),
                      field("event", &TransactionEvent::event),
                      field("amount", &TransactionEvent::amount),
                      field("saga_id", &TransactionEvent::saga_id)};
  }
};

// Records events in the order given; those recorded before are passed over.
struct Recorded {
  std::int64_t fresh = 0;
  static constexpr auto fields() { return std::tuple{field("fresh", &Recorded::fresh)}; }
};
struct RecordTransactions {
  static constexpr RpcName rpc{"logging", "record-transactions", "POST /transactions"};
  using Reply = Recorded;
  std::vector<TransactionEvent> events;
  static constexpr auto fields() {
    return std::tuple{field("events", &RecordTransactions::events)};
  }
};

}  // namespace soundcheck::logging
