#include "models/services/common/population.hpp"
#include "models/services/users/users.hpp"

namespace soundcheck::users {
namespace {

using Row = std::vector<SqlValue>;

bool account_row(const Population&, std::int64_t user, Row& values) {
  const std::string user_id = user_id_of(user);
  values = {user_id, user_id + "@listeners.example", -60 * kDayMs};
  return true;
}

bool household_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (seeded.plan != "family") return false;
  values = {"house-" + seeded.sub_id, seeded.user_id, seeded.sub_id};
  return true;
}

bool owner_row(const Population& population, std::int64_t user, Row& values) {
  if (!household_row(population, user, values)) return false;
  values.pop_back();
  return true;
}

}  // namespace

std::vector<SeedRows> seed_rows() {
  return {{{"INSERT INTO users.accounts (user_id, email, state, created_at) "
            "VALUES (?1, ?2, 'ACTIVE', ?3)"},
           &account_row},
          {{"INSERT INTO users.households (household_id, owner_id, sub_id, state) "
            "VALUES (?1, ?2, ?3, 'ACTIVE')"},
           &household_row},
          {{"INSERT INTO users.members (household_id, user_id, state) VALUES (?1, ?2, 'ACTIVE')"},
           &owner_row}};
}

}  // namespace soundcheck::users
