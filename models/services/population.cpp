#include "models/services/population.hpp"

#include <fmt/format.h>

#include <array>

#include "models/services/auth/store.hpp"
#include "sim/core/fingerprint.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kDecisionLifetime = 3'600'000;

struct Plan {
  const char* name;
  std::int64_t price;
  std::int64_t period_days;
};
// As subscriptions/schema.sql has them.
constexpr std::array<Plan, 3> kPlans{
    {{"individual", 1099, 30}, {"family", 1699, 30}, {"premium", 1499, 30}}};

std::uint64_t draw(const PopulationSettings& settings, std::int64_t user, std::string_view what) {
  const std::uint64_t key = hash_text(what, settings.seed);
  return mix64(key ^ static_cast<std::uint64_t>(user), 0x9e3779b97f4a7c15ULL ^ key);
}

double fraction(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

const Plan& plan_of(const PopulationSettings& settings, std::int64_t user) {
  return kPlans[draw(settings, user, "plan") % kPlans.size()];
}

bool subscribes(const PopulationSettings& settings, std::int64_t user) {
  return user < settings.subscribers;
}

using Row = std::vector<SqlValue>;

bool account_row(const PopulationSettings&, std::int64_t user, Row& values) {
  const std::string user_id = user_id_of(user);
  values = {user_id, user_id + "@listeners.example", -60 * kDay};
  return true;
}
bool credential_row(const PopulationSettings&, std::int64_t user, Row& values) {
  values = {user_id_of(user), auth::token_digest(token_of(user))};
  return true;
}
bool billing_row(const PopulationSettings&, std::int64_t user, Row& values) {
  const std::string user_id = user_id_of(user);
  values = {"bill-" + user_id, user_id};
  return true;
}
bool subscription_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  values = {seeded.sub_id, seeded.user_id, seeded.plan};
  return true;
}
bool period_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  const std::int64_t end_at = seeded.paid_at_ms + plan_of(settings, user).period_days * kDay;
  values = {seeded.sub_id + ":1", seeded.sub_id, seeded.paid_at_ms, end_at, seeded.payment_id};
  return true;
}
bool household_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  if (seeded.plan != "family") return false;
  values = {"house-" + seeded.sub_id, seeded.user_id, seeded.sub_id};
  return true;
}
bool owner_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!household_row(settings, user, values)) return false;
  values.pop_back();
  return true;
}
bool grant_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  values = {seeded.user_id, seeded.plan, seeded.sub_id};
  return true;
}
bool decision_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  const std::int64_t decided_at = seeded.paid_at_ms - 2'000;
  values = {"dec-" + seeded.payment_id + "-1", seeded.payment_id, seeded.user_id,
            "bill-" + seeded.user_id,          seeded.price,      decided_at,
            decided_at + kDecisionLifetime};
  return true;
}
bool payment_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  values = {seeded.payment_id, "seeded:" + seeded.user_id,       seeded.user_id, seeded.sub_id,
            seeded.price,      "dec-" + seeded.payment_id + "-1"};
  return true;
}
bool cash_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  const std::string operation = "op-" + seeded.payment_id + "-2";
  values = {operation + ":CASH", operation, std::string("CASH"), seeded.price, seeded.payment_id};
  return true;
}
bool revenue_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!cash_row(settings, user, values)) return false;
  values[0] = std::get<std::string>(values[1]) + ":REVENUE";
  values[2] = std::string("REVENUE");
  values[3] = -std::get<std::int64_t>(values[3]);
  return true;
}
bool transaction_row(const PopulationSettings& settings, std::int64_t user, Row& values) {
  if (!subscribes(settings, user)) return false;
  const SeededUser seeded = seeded_user(settings, user);
  values = {seeded.payment_id + ":CAPTURE", seeded.payment_id, seeded.price,
            seeded.paid_at_ms + 1'000};
  return true;
}

constexpr Sql kLedgerInsert{
    "INSERT INTO payments.ledger (entry_id, txn_id, account, amount, payment_id) "
    "VALUES (?1, ?2, ?3, ?4, ?5)"};

constexpr std::array kTables{
    SeededTable{"users",
                {"INSERT INTO users.accounts (user_id, email, state, created_at) "
                 "VALUES (?1, ?2, 'ACTIVE', ?3)"},
                &account_row},
    SeededTable{"auth",
                {"INSERT INTO auth.credentials (user_id, state, token_digest) "
                 "VALUES (?1, 'ENABLED', ?2)"},
                &credential_row},
    SeededTable{"auth",
                {"INSERT INTO auth.billing (billing_id, user_id, state) "
                 "VALUES (?1, ?2, 'VERIFIED')"},
                &billing_row},
    SeededTable{"subscriptions",
                {"INSERT INTO subscriptions.subs (sub_id, user_id, plan_id, state, version) "
                 "VALUES (?1, ?2, ?3, 'ACTIVE', 1)"},
                &subscription_row},
    SeededTable{"subscriptions",
                {"INSERT INTO subscriptions.periods (period_id, sub_id, start_at, end_at, "
                 "payment_id) VALUES (?1, ?2, ?3, ?4, ?5)"},
                &period_row},
    SeededTable{"users",
                {"INSERT INTO users.households (household_id, owner_id, sub_id, state) "
                 "VALUES (?1, ?2, ?3, 'ACTIVE')"},
                &household_row},
    SeededTable{"users",
                {"INSERT INTO users.members (household_id, user_id, state) "
                 "VALUES (?1, ?2, 'ACTIVE')"},
                &owner_row},
    SeededTable{"auth",
                {"INSERT INTO auth.grants (user_id, scope, source_id, state) "
                 "VALUES (?1, ?2, ?3, 'ACTIVE')"},
                &grant_row},
    SeededTable{"auth",
                {"INSERT INTO auth.decisions (decision_id, payment_id, user_id, billing_id, "
                 "amount, result, at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, 'APPROVED', ?6, ?7)"},
                &decision_row},
    SeededTable{"payments",
                {"INSERT INTO payments.payments (payment_id, idem, user_id, purpose, ref_id, "
                 "amount, state, decision_id) "
                 "VALUES (?1, ?2, ?3, 'SUBSCRIBE', ?4, ?5, 'CAPTURED', ?6)"},
                &payment_row},
    SeededTable{"payments", kLedgerInsert, &cash_row},
    SeededTable{"payments", kLedgerInsert, &revenue_row},
    SeededTable{"logging",
                {"INSERT INTO logging.transactions (event_id, payment_id, event, amount, at) "
                 "VALUES (?1, ?2, 'CAPTURE', ?3, ?4)"},
                &transaction_row},
};

}  // namespace

std::string user_id_of(std::int64_t user) {
  return fmt::format("u{:07}", user);
}

std::string token_of(std::int64_t user) {
  return fmt::format("{:016x}", hash_text(user_id_of(user), hash_text("token")));
}

SeededUser seeded_user(const PopulationSettings& settings, std::int64_t user) {
  SeededUser seeded{.user_id = user_id_of(user)};
  if (!subscribes(settings, user)) return seeded;
  const Plan& plan = plan_of(settings, user);
  const auto days = static_cast<std::int64_t>(1 + draw(settings, user, "day") % 28);
  seeded.plan = plan.name;
  seeded.price = plan.price;
  seeded.sub_id = "sub-" + seeded.user_id;
  seeded.payment_id = "pay-" + seeded.user_id;
  seeded.paid_at_ms = -days * kDay;
  return seeded;
}

std::string_view bank_declines(const PopulationSettings& settings, std::int64_t user) {
  if (subscribes(settings, user)) return {};
  const double lot = fraction(draw(settings, user, "bank"));
  if (lot < settings.declined_authorizations) return "AUTH";
  if (lot < settings.declined_authorizations + settings.declined_captures) return "CAPTURE";
  return {};
}

std::span<const SeededTable> seeded_tables() {
  return kTables;
}

}  // namespace soundcheck
