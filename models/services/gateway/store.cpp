#include "models/services/gateway/store.hpp"

namespace soundcheck::gateway {

std::optional<StoredRequest> find_request(Transaction& transaction, const std::string& saga_id) {
  static constexpr Sql kSql{
      "SELECT saga_id, idem, user_id, route, http_status FROM gateway.requests "
      "WHERE request_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, saga_id);
  if (!row) return std::nullopt;
  return StoredRequest{row->text(0), row->text(1), row->text(2), row->text(3), row->integer(4)};
}

StoredRequest store_request(Transaction& transaction, const StoredRequest& request) {
  std::optional<StoredRequest> earlier = find_request(transaction, request.saga_id);
  if (earlier) return std::move(*earlier);
  static constexpr Sql kInsert{
      "INSERT INTO gateway.requests (request_id, idem, user_id, route, saga_id, received_at) "
      "VALUES (?1, ?2, ?3, ?4, ?1, true_time())"};
  transaction.execute(kInsert, request.saga_id, request.client_key, request.user_id, request.route);
  return request;
}

void store_answer(Transaction& transaction, const std::string& saga_id,
                  const std::int64_t& http_status) {
  static constexpr Sql kUpdate{
      "UPDATE gateway.requests SET http_status = ?2, answered_at = true_time() "
      "WHERE request_id = ?1"};
  transaction.execute(kUpdate, saga_id, http_status);
}

}  // namespace soundcheck::gateway
