#pragma once

#include <cstdint>
#include <string>

#include "models/outside/psp/api.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck::psp {

// One operation, whatever its kind.
struct Order {
  std::string kind;  // AUTH CAPTURE VOID REFUND
  std::string merchant_ref;
  std::string key;
  std::int64_t amount = 0;          // VOID: the authorised amount is taken
  std::string customer_id;          // AUTH only
  std::int64_t valid_until_ms = 0;  // 0: always
};

// Answers from the stored key, or executes the order and stores the answer.
Result<Answer> execute(Transaction& transaction, const Order& order,
                       const std::int64_t& key_lifetime_ms);
KeyStatus find_key(Transaction& transaction, const Status& request);

}  // namespace soundcheck::psp
