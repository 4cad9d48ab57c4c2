#include "models/services/auth/store.hpp"

#include <fmt/format.h>

#include <optional>

#include "sim/core/fingerprint.hpp"

namespace soundcheck::auth {
namespace {

std::optional<BillingDecision> standing_approval(Transaction& transaction,
                                                 const AuthorizeBilling& request) {
  static constexpr Sql kSql{
      "SELECT decision_id, expires_at FROM auth.decisions WHERE payment_id = ?1 AND user_id = ?2 "
      "AND amount = ?3 AND result = 'APPROVED' AND expires_at >= ?4 "
      "ORDER BY expires_at DESC LIMIT 1"};
  const std::optional<SqlRow> row =
      transaction.one(kSql, request.payment_id, request.user_id, request.amount,
                      transaction.now_ms() + request.min_validity_ms);
  if (!row) return std::nullopt;
  return BillingDecision{
      .decision_id = row->text(0), .approved = true, .expires_at_ms = row->integer(1)};
}

// Empty: nothing speaks against it.
std::string objection(Transaction& transaction, const AuthorizeBilling& request,
                      const std::string& billing_id, const BillingRules& rules) {
  static constexpr Sql kEnabled{
      "SELECT 1 FROM auth.credentials WHERE user_id = ?1 AND state = 'ENABLED'"};
  if (!transaction.one(kEnabled, request.user_id)) return "the user may not log in";
  if (billing_id.empty()) return "no verified billing profile";
  if (request.amount > rules.amount_limit.in_minor_units()) return "above the user's limit";
  return {};
}

}  // namespace

const ParameterTable<BillingRules>& BillingRules::parameters() {
  static const auto table =
      ParameterTable<BillingRules>("auth", "What auth approves.")
          .optional("decision_lifetime", &BillingRules::decision_lifetime,
                    "how long auth's approval of a payment may be used", above_zero)
          .optional("amount_limit", &BillingRules::amount_limit,
                    "auth approves no payment above this");
  return table;
}

std::string token_digest(const std::string& token) {
  return fmt::format("{:016x}", hash_text(token));
}

Authentication check_token(Transaction& transaction, const Authenticate& request) {
  static constexpr Sql kSql{
      "SELECT 1 FROM auth.credentials WHERE user_id = ?1 AND state = 'ENABLED' "
      "AND token_digest = ?2"};
  return {transaction.one(kSql, request.user_id, token_digest(request.token)).has_value()};
}

BillingDecision decide_billing(Transaction& transaction, const AuthorizeBilling& request,
                               const BillingRules& rules) {
  std::optional<BillingDecision> standing = standing_approval(transaction, request);
  if (standing) return std::move(*standing);
  static constexpr Sql kBilling{
      "SELECT billing_id FROM auth.billing WHERE user_id = ?1 AND state = 'VERIFIED' "
      "ORDER BY billing_id LIMIT 1"};
  const std::optional<SqlRow> billing = transaction.one(kBilling, request.user_id);
  const std::string billing_id = billing ? billing->text(0) : std::string();
  const std::string reason = objection(transaction, request, billing_id, rules);

  static constexpr Sql kCount{"SELECT COUNT(*) FROM auth.decisions WHERE payment_id = ?1"};
  const std::int64_t earlier = transaction.query(kCount, request.payment_id).front().integer(0);
  const std::string decision_id = fmt::format("dec-{}-{}", request.payment_id, earlier + 1);
  static constexpr Sql kInsert{
      "INSERT INTO auth.decisions (decision_id, payment_id, user_id, billing_id, amount, result, "
      "reason, at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, true_time(), true_time() + ?8) "
      "RETURNING expires_at"};
  const std::vector<SqlRow> stored = transaction.query(
      kInsert, decision_id, request.payment_id, request.user_id, billing_id, request.amount,
      reason.empty() ? "APPROVED" : "DENIED", reason, rules.decision_lifetime.in_milliseconds());
  return {.decision_id = decision_id,
          .approved = reason.empty(),
          .reason = reason,
          .expires_at_ms = stored.front().integer(0)};
}

bool grant_access(Transaction& transaction, const Step& step, const GrantAccess& request,
                  const FenceRules& rules) {
  if (!kFence.admits(transaction, step, Role::kRetriable, rules)) return false;
  static constexpr Sql kInsert{
      "INSERT INTO auth.grants (user_id, scope, source_id, state) VALUES (?1, ?2, ?3, 'ACTIVE') "
      "ON CONFLICT (user_id, source_id, scope) DO NOTHING"};
  const bool fresh =
      transaction.execute(kInsert, request.user_id, request.plan, request.sub_id) > 0;
  if (fresh) kFence.record_do(transaction, step, Role::kRetriable);
  return true;
}

}  // namespace soundcheck::auth
