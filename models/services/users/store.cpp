#include "models/services/users/store.hpp"

#include <optional>

namespace soundcheck::users {
namespace {

std::string household_id_of(const Step& step) {
  return "house-" + step.saga_id;
}

std::optional<std::string> active_household(Transaction& transaction, const std::string& user_id) {
  static constexpr Sql kSql{
      "SELECT m.household_id FROM users.members m "
      "JOIN users.households h ON h.household_id = m.household_id AND h.state = 'ACTIVE' "
      "WHERE m.user_id = ?1 AND m.state = 'ACTIVE' ORDER BY m.household_id LIMIT 1"};
  const std::optional<SqlRow> row = transaction.one(kSql, user_id);
  if (!row) return std::nullopt;
  return row->text(0);
}

}  // namespace

AccountView find_account(Transaction& transaction, const std::string& user_id) {
  static constexpr Sql kSql{"SELECT email, state FROM users.accounts WHERE user_id = ?1"};
  const std::optional<SqlRow> row = transaction.one(kSql, user_id);
  if (!row) return {};
  return {.found = true,
          .email = row->text(0),
          .state = row->text(1),
          .household_id = active_household(transaction, user_id).value_or("")};
}

Result<Household> create_household(Transaction& transaction, const Step& step,
                                   const CreateHousehold& request, const FenceRules& rules) {
  if (!kFence.admits(transaction, step, Role::kCompensatable, rules)) return Household{};
  const std::string household_id = household_id_of(step);
  const std::optional<std::string> other = active_household(transaction, request.user_id);
  if (other == household_id) return Household{household_id};  // a retry
  if (other) return failure(ErrorCode::kConflict, "the user lives in household " + *other);
  static constexpr Sql kHousehold{
      "INSERT INTO users.households (household_id, owner_id, sub_id, state) "
      "VALUES (?1, ?2, ?3, 'ACTIVE') ON CONFLICT (household_id) DO UPDATE SET state = 'ACTIVE'"};
  static constexpr Sql kOwner{
      "INSERT INTO users.members (household_id, user_id, invite_id, state) "
      "VALUES (?1, ?2, NULL, 'ACTIVE') "
      "ON CONFLICT (household_id, user_id) DO UPDATE SET state = 'ACTIVE'"};
  transaction.execute(kHousehold, household_id, request.user_id, request.sub_id);
  transaction.execute(kOwner, household_id, request.user_id);
  kFence.record_do(transaction, step, Role::kCompensatable);
  return Household{household_id};
}

void dissolve_household(Transaction& transaction, const Step& step, const FenceRules& rules) {
  if (kFence.undone(transaction, step)) return;
  static constexpr Sql kHousehold{
      "UPDATE users.households SET state = 'DISSOLVED' "
      "WHERE household_id = ?1 AND state = 'ACTIVE'"};
  static constexpr Sql kMembers{
      "UPDATE users.members SET state = 'REMOVED' "
      "WHERE household_id = ?1 AND state IN ('INVITED', 'ACTIVE')"};
  const std::string household_id = household_id_of(step);
  const bool changed = transaction.execute(kHousehold, household_id) > 0;
  transaction.execute(kMembers, household_id);
  kFence.record_undo(transaction, step, Role::kCompensatable, changed, rules);
}

}  // namespace soundcheck::users
