#include "models/services/auth/auth.hpp"
#include "models/services/common/population.hpp"

namespace soundcheck::auth {
namespace {

using Row = std::vector<SqlValue>;

std::string billing_id_of(const std::string& user_id) {
  return "bill-" + user_id;
}

bool credential_row(const Population&, std::int64_t user, Row& values) {
  values = {user_id_of(user), token_digest(token_of(user))};
  return true;
}

bool billing_row(const Population&, std::int64_t user, Row& values) {
  const std::string user_id = user_id_of(user);
  values = {billing_id_of(user_id), user_id};
  return true;
}

bool grant_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (!seeded.subscribes()) return false;
  values = {seeded.user_id, seeded.plan, seeded.sub_id};
  return true;
}

// That of the payment for the plan, made in time before it was taken.
bool decision_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (!seeded.subscribes()) return false;
  const std::int64_t decided_at = seeded.paid_at_ms - 2'000;
  const Duration lifetime = population.settings.of<BillingRules>().decision_lifetime;
  values = {"dec-" + seeded.payment_id + "-1",      seeded.payment_id, seeded.user_id,
            billing_id_of(seeded.user_id),          seeded.price,      decided_at,
            decided_at + lifetime.in_milliseconds()};
  return true;
}

}  // namespace

std::vector<SeedRows> seed_rows() {
  return {{{"INSERT INTO auth.credentials (user_id, state, token_digest) "
            "VALUES (?1, 'ENABLED', ?2)"},
           &credential_row},
          {{"INSERT INTO auth.billing (billing_id, user_id, state) VALUES (?1, ?2, 'VERIFIED')"},
           &billing_row},
          {{"INSERT INTO auth.grants (user_id, scope, source_id, state) "
            "VALUES (?1, ?2, ?3, 'ACTIVE')"},
           &grant_row},
          {{"INSERT INTO auth.decisions (decision_id, payment_id, user_id, billing_id, amount, "
            "result, at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, 'APPROVED', ?6, ?7)"},
           &decision_row}};
}

}  // namespace soundcheck::auth
