#include "models/services/subscriptions/store.hpp"

#include <optional>

namespace soundcheck::subscriptions {
namespace {

// Named after the client's wish, which is the same however often it comes in.
std::string sub_id_of(const Step& step, const std::string& key) {
  return "sub-" + (key.empty() ? step.saga_id : key);
}
std::string period_id_of(const std::string& sub_id) {
  return sub_id + ":1";
}

struct Subscription {
  std::string plan_id;
  std::string state;
  std::string lock_saga;
};

std::optional<Subscription> find(Transaction& transaction, const std::string& sub_id) {
  static constexpr Sql kSql{
      "SELECT plan_id, state, lock_saga FROM subscriptions.subs WHERE sub_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, sub_id);
  if (!row) return std::nullopt;
  return Subscription{row->text(0), row->text(1), row->text(2)};
}

std::optional<std::int64_t> price_of(Transaction& transaction, const std::string& plan_id) {
  static constexpr Sql kSql{"SELECT price FROM subscriptions.plans WHERE plan_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, plan_id);
  if (!row) return std::nullopt;
  return row->integer(0);
}

std::optional<Activation> first_period(Transaction& transaction, const std::string& sub_id) {
  static constexpr Sql kSql{"SELECT end_at FROM subscriptions.periods WHERE period_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, period_id_of(sub_id));
  if (!row) return std::nullopt;
  return Activation{row->integer(0)};
}

}  // namespace

SubscriptionView find_subscription(Transaction& transaction, const std::string& user_id) {
  static constexpr Sql kSql{
      "SELECT s.sub_id, s.plan_id, s.state, "
      "(SELECT MAX(q.end_at) FROM subscriptions.periods q WHERE q.sub_id = s.sub_id) "
      "FROM subscriptions.subs s WHERE s.user_id = ?1 "
      "AND s.state IN ('PENDING', 'ACTIVE', 'PAST_DUE', 'CANCELLING')"};
  const std::optional<SqlRow> row = transaction.one(kSql, user_id);
  if (!row) return {};
  return {true, row->text(0), row->text(1), row->text(2), row->integer(3)};
}

Result<Reservation> reserve(Transaction& transaction, const Step& step, const Reserve& request,
                            const FenceRules& rules) {
  if (!kFence.admits(transaction, step, Role::kCompensatable, rules)) return Reservation{};
  const std::optional<std::int64_t> price = price_of(transaction, request.plan);
  if (!price) return failure(ErrorCode::kNotFound, "no plan " + request.plan);
  const std::string sub_id = sub_id_of(step, request.key);
  if (find(transaction, sub_id)) return Reservation{sub_id, *price};  // a retry
  const SubscriptionView live = find_subscription(transaction, request.user_id);
  if (live.found) return failure(ErrorCode::kConflict, "the user has subscription " + live.sub_id);
  static constexpr Sql kInsert{
      "INSERT INTO subscriptions.subs (sub_id, user_id, plan_id, state, lock_saga, version) "
      "VALUES (?1, ?2, ?3, 'PENDING', ?4, 0)"};
  transaction.execute(kInsert, sub_id, request.user_id, request.plan, step.saga_id);
  kFence.record_do(transaction, step, Role::kCompensatable);
  return Reservation{sub_id, *price};
}

void reject(Transaction& transaction, const Step& step, const UndoReserve& request,
            const FenceRules& rules) {
  if (kFence.undone(transaction, step)) return;
  static constexpr Sql kUpdate{
      "UPDATE subscriptions.subs SET state = 'REJECTED', lock_saga = NULL "
      "WHERE sub_id = ?1 AND state = 'PENDING' AND lock_saga = ?2"};
  const bool changed = transaction.execute(kUpdate, sub_id_of(step, request.key), step.saga_id) > 0;
  kFence.record_undo(transaction, step, Role::kCompensatable, changed, rules);
}

Result<Activation> activate(Transaction& transaction, const Step& step, const Activate& request,
                            const FenceRules& rules) {
  if (!kFence.admits(transaction, step, Role::kRetriable, rules)) {
    return failure(ErrorCode::kConflict, "the step was undone before");
  }
  std::optional<Activation> earlier = first_period(transaction, request.sub_id);
  if (earlier) return *earlier;  // a retry
  const std::optional<Subscription> subscription = find(transaction, request.sub_id);
  if (!subscription || subscription->state != "PENDING" ||
      subscription->lock_saga != step.saga_id) {
    return failure(ErrorCode::kConflict, request.sub_id + " does not wait for this saga");
  }
  static constexpr Sql kUpdate{
      "UPDATE subscriptions.subs SET state = 'ACTIVE', lock_saga = NULL, version = version + 1 "
      "WHERE sub_id = ?1"};
  static constexpr Sql kInsert{
      "INSERT INTO subscriptions.periods (period_id, sub_id, start_at, end_at, payment_id, "
      "gift_id) "
      "SELECT ?1, ?2, ?3, ?3 + 86400000 * p.period_days, ?4, NULL FROM subscriptions.plans p "
      "WHERE p.plan_id = ?5"};
  transaction.execute(kUpdate, request.sub_id);
  transaction.execute(kInsert, period_id_of(request.sub_id), request.sub_id, transaction.now_ms(),
                      request.payment_id, subscription->plan_id);
  kFence.record_do(transaction, step, Role::kRetriable);
  return *first_period(transaction, request.sub_id);
}

}  // namespace soundcheck::subscriptions
