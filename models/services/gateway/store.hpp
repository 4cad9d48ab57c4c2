#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/env/transaction.hpp"

namespace soundcheck::gateway {

// One client request under its idempotency key. Its id is the saga's.
struct StoredRequest {
  std::string saga_id;
  std::string client_key;
  std::string user_id;
  std::string route;
  std::int64_t http_status = 0;  // 0: not answered yet
};

// Keeps the request, or finds it when the client sent it before.
StoredRequest store_request(Transaction& transaction, const StoredRequest& request);
std::optional<StoredRequest> find_request(Transaction& transaction, const std::string& saga_id);
void store_answer(Transaction& transaction, const std::string& saga_id,
                  const std::int64_t& http_status);

}  // namespace soundcheck::gateway
