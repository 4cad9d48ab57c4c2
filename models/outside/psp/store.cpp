#include "models/outside/psp/store.hpp"

#include <fmt/format.h>

#include <optional>

namespace soundcheck::psp {
namespace {

struct StoredKey {
  std::string kind;
  std::string merchant_ref;
  std::int64_t amount = 0;
  Answer answer;
  std::int64_t stored_at = 0;
};

std::optional<StoredKey> stored_key(Transaction& transaction, const std::string& key) {
  static constexpr Sql kSql{
      "SELECT kind, merchant_ref, amount, approved, reason, op_id, stored_at FROM psp.keys "
      "WHERE idem = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, key);
  if (!row) return std::nullopt;
  const std::string& kind = row->text(0);
  return StoredKey{.kind = kind,
                   .merchant_ref = row->text(1),
                   .amount = row->integer(2),
                   .answer = {.approved = row->integer(3) != 0,
                              .reason = row->text(4),
                              .operation_id = row->text(5),
                              .key_closed = kind == "CLOSED"},
                   .stored_at = row->integer(6)};
}

void store_key(Transaction& transaction, const std::string& key, const Order& order,
               const Answer& answer) {
  static constexpr Sql kSql{
      "INSERT INTO psp.keys (idem, kind, merchant_ref, amount, approved, reason, op_id, stored_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (idem) DO UPDATE SET "
      "kind = ?2, merchant_ref = ?3, amount = ?4, approved = ?5, reason = ?6, op_id = ?7, "
      "stored_at = ?8"};
  transaction.execute(kSql, key, order.kind, order.merchant_ref, order.amount, answer.approved,
                      answer.reason, answer.operation_id, transaction.now_ms());
}

// What was authorised under this reference; none if nothing was.
std::optional<std::int64_t> authorized_amount(Transaction& transaction,
                                              const std::string& merchant_ref) {
  static constexpr Sql kSql{
      "SELECT amount FROM psp.operations WHERE merchant_ref = ?1 AND kind = 'AUTH' "
      "ORDER BY at, op_id LIMIT 1"};
  const std::optional<SqlRow> row = transaction.one(kSql, merchant_ref);
  if (!row) return std::nullopt;
  return row->integer(0);
}

// Blocked for authorisations, or for captures of what was authorised.
bool blocked(Transaction& transaction, const Order& order) {
  static constexpr Sql kByCustomer{
      "SELECT 1 FROM psp.blocked_customers WHERE customer_id = ?1 AND kind = 'AUTH'"};
  static constexpr Sql kByAuthorization{
      "SELECT 1 FROM psp.authorizations a JOIN psp.blocked_customers b "
      "ON b.customer_id = a.customer_id AND b.kind = 'CAPTURE' WHERE a.merchant_ref = ?1"};
  if (order.kind == "AUTH") return transaction.one(kByCustomer, order.customer_id).has_value();
  if (order.kind == "CAPTURE") {
    return transaction.one(kByAuthorization, order.merchant_ref).has_value();
  }
  return false;
}

std::string record(Transaction& transaction, const Order& order, std::int64_t amount) {
  static constexpr Sql kCount{"SELECT COUNT(*) FROM psp.operations WHERE merchant_ref = ?1"};
  static constexpr Sql kInsert{
      "INSERT INTO psp.operations (op_id, merchant_ref, idem, kind, amount, at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, true_time())"};
  const std::int64_t earlier = transaction.query(kCount, order.merchant_ref).front().integer(0);
  std::string operation_id = fmt::format("op-{}-{}", order.merchant_ref, earlier + 1);
  transaction.execute(kInsert, operation_id, order.merchant_ref, order.key, order.kind, amount);
  if (order.kind == "AUTH") {
    static constexpr Sql kCustomer{
        "INSERT INTO psp.authorizations (merchant_ref, customer_id) VALUES (?1, ?2) "
        "ON CONFLICT (merchant_ref) DO NOTHING"};
    transaction.execute(kCustomer, order.merchant_ref, order.customer_id);
  }
  return operation_id;
}

Answer decide(Transaction& transaction, const Order& order) {
  const std::optional<std::int64_t> authorized = authorized_amount(transaction, order.merchant_ref);
  if (order.kind != "AUTH" && !authorized) return {.reason = "unknown reference"};
  if (order.kind == "CAPTURE" && order.amount > *authorized) return {.reason = "amount too high"};
  if (blocked(transaction, order)) return {.reason = "card declined"};
  const std::int64_t amount = order.kind == "VOID" ? *authorized : order.amount;
  return {.approved = true, .operation_id = record(transaction, order, amount)};
}

}  // namespace

Result<Answer> execute(Transaction& transaction, const Order& order,
                       const std::int64_t& key_lifetime_ms) {
  const bool keyed = !order.key.empty();
  const std::int64_t now_ms = transaction.now_ms();
  const std::optional<StoredKey> stored = keyed ? stored_key(transaction, order.key) : std::nullopt;
  if (stored && now_ms - stored->stored_at < key_lifetime_ms) {
    if (stored->answer.key_closed) return stored->answer;
    const bool same = stored->kind == order.kind && stored->merchant_ref == order.merchant_ref &&
                      stored->amount == order.amount;
    if (same) return stored->answer;
    return failure(ErrorCode::kInvalid, "the key was used for another request");
  }
  if (order.valid_until_ms != 0 && now_ms > order.valid_until_ms) {
    return failure(ErrorCode::kInvalid, "the order arrived after its time");
  }
  const Answer answer = decide(transaction, order);
  if (keyed) store_key(transaction, order.key, order, answer);
  return answer;
}

KeyStatus find_key(Transaction& transaction, const Status& request) {
  std::optional<StoredKey> stored = stored_key(transaction, request.key);
  if (stored) return {true, std::move(stored->answer)};
  if (request.close) {
    const Answer closed{.reason = "closed by the merchant", .key_closed = true};
    store_key(transaction, request.key, Order{.kind = "CLOSED"}, closed);
  }
  return {};
}

}  // namespace soundcheck::psp
