#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/outside/psp/psp.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing_support::all_invariants;
using testing_support::People;
using testing_support::population_of;
using testing_support::SagaRun;
using testing_support::ServicesWorld;

TEST(Invariants, HoldOnTheSeededPopulation) {
  ServicesWorld world({}, {.users = 300, .subscribers = 120});
  EXPECT_GT(world.number("SELECT COUNT(*) FROM users.households"), 10);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM subscriptions.subs WHERE state = 'ACTIVE'"), 120);
  EXPECT_THAT(world.violated(), IsEmpty());
}

TEST(Invariants, HaveNothingToCheckInAnEmptyDatabase) {
  ServicesWorld world({}, {.users = 0});
  EXPECT_THAT(world.violated(), IsEmpty());
  EXPECT_EQ(world.without_subject().size(), all_invariants().size());
}

TEST(Invariants, HoldOnCompletedSagas) {
  ServicesWorld world;
  EXPECT_EQ(world.subscribe(10, "individual").status, "COMPLETED");
  EXPECT_EQ(world.subscribe(11, "family").status, "COMPLETED");
  EXPECT_EQ(
      world.number("SELECT COUNT(*) FROM psp.operations WHERE merchant_ref NOT LIKE 'pay-u%'"), 4);
  EXPECT_THAT(world.violated(), IsEmpty());
}

TEST(Invariants, HoldOnDeclinedAndRejectedSagas) {
  ServicesWorld world({}, {.users = 20, .subscribers = 8, .declined_authorizations = 1});
  EXPECT_EQ(world.subscribe(10, "family").status, "FAILED");     // the bank declines
  EXPECT_EQ(world.subscribe(3, "individual").status, "FAILED");  // has a subscription
  EXPECT_EQ(world.subscribe(11, "gold").status, "FAILED");       // no such plan
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM logging.transactions WHERE event = 'DECLINE'"), 1);
  EXPECT_THAT(world.violated(), IsEmpty());
}

TEST(Invariants, HoldWhenTheCaptureIsDeclinedAndTheHoldIsVoided) {
  ServicesWorld world({}, {.users = 20, .subscribers = 8, .declined_captures = 1});
  const SagaRun run = world.subscribe(10, "family");
  EXPECT_EQ(run.undone, (std::vector<std::string>{"charge_payment", "create_household",
                                                  "authorize_payment", "reserve_subscription"}));
  EXPECT_EQ(world.text("SELECT state FROM payments.payments WHERE payment_id = '" +
                       run.payment_id() + "'"),
            "VOIDED");
  EXPECT_THAT(world.violated(), IsEmpty());
}

// Each violates one invariant on an otherwise consistent world of a completed, a compensated and a
// declined saga.
struct Violation {
  const char* id;
  const char* sql;
};
std::ostream& operator<<(std::ostream& out, const Violation& violation) {
  return out << violation.id;
}

constexpr Violation kViolations[] = {
    {"P1", "INSERT INTO psp.operations VALUES ('x', 'pay-u0000001', '', 'CAPTURE', 1, 0)"},
    {"P2",
     "INSERT INTO payments.payments (payment_id, idem, user_id, purpose, ref_id, amount, state) "
     "VALUES ('x', 'x', 'u0000001', 'SUBSCRIBE', 'sub-u0000001', 5, 'CAPTURED')"},
    {"P3",
     "INSERT INTO payments.payments (payment_id, idem, user_id, purpose, ref_id, amount, state) "
     "VALUES ('x', 'seeded:u0000001', 'u0000001', 'GIFT', 'y', 5, 'VOIDED')"},
    {"P3",
     "INSERT INTO payments.refunds VALUES ('x', 'p', 'i', 1, 'FAILED', 'r'), ('y', 'p', 'i', 1, "
     "'FAILED', 'r')"},
    {"P4", "INSERT INTO psp.operations VALUES ('x', 'pay-u0000001', '', 'REFUND', 999999, 0)"},
    {"P5", "INSERT INTO psp.operations VALUES ('x', 'pay-u0000001', '', 'VOID', 1, 0)"},
    {"P6", "UPDATE auth.decisions SET expires_at = at WHERE user_id = 'u0000001'"},
    {"P6", "UPDATE auth.decisions SET result = 'DENIED' WHERE user_id = 'u0000001'"},
    {"P7", "UPDATE payments.payments SET state = 'VOIDED' WHERE payment_id = 'pay-u0000001'"},
    {"P7", "INSERT INTO payments.refunds VALUES ('x', 'pay-u0000001', 'i', 1, 'DONE', 'r')"},
    {"P8", "INSERT INTO psp.operations VALUES ('x', 'nobody', '', 'AUTH', 1, 0)"},
    {"P9", "UPDATE payments.payments SET state = 'CREATED' WHERE payment_id = 'pay-u0000001'"},
    {"P9", "INSERT INTO payments.refunds VALUES ('x', 'pay-u0000001', 'i', 1, 'REQUESTED', 'r')"},
    {"P10", "UPDATE payments.ledger SET amount = amount + 1 WHERE entry_id LIKE '%u0000001%CASH'"},
    {"P11", "DELETE FROM payments.ledger WHERE payment_id = 'pay-u0000001'"},
    {"L1", "DELETE FROM logging.transactions WHERE payment_id = 'pay-u0000001'"},
    {"L2", "INSERT INTO logging.transactions VALUES ('x', 'pay-u0000001', 'REFUND', 5, '', 0)"},
    {"L3", "DELETE FROM logging.transactions WHERE event = 'DECLINE'"},
    {"S1", "DELETE FROM subscriptions.periods WHERE sub_id = 'sub-u0000001'"},
    {"S2", "UPDATE subscriptions.periods SET payment_id = NULL WHERE sub_id = 'sub-u0000001'"},
    {"S3", "INSERT INTO subscriptions.subs VALUES ('x', 'u0000001', 'premium', 'ACTIVE', NULL, 1)"},
    {"S4",
     "INSERT INTO subscriptions.periods SELECT period_id || 'x', sub_id, end_at - 1, end_at, "
     "payment_id, NULL "
     "FROM subscriptions.periods WHERE sub_id = 'sub-u0000001'"},
    {"S5", "UPDATE subscriptions.subs SET lock_saga = 'x' WHERE sub_id = 'sub-u0000001'"},
    {"S5", "UPDATE subscriptions.subs SET state = 'PENDING' WHERE sub_id = 'sub-u0000001'"},
    {"S6", "UPDATE auth.grants SET state = 'REVOKED' WHERE user_id = 'u0000001'"},
    {"S6", "UPDATE subscriptions.subs SET state = 'CANCELLED' WHERE sub_id = 'sub-u0000001'"},
    {"F1", "UPDATE subscriptions.plans SET seats = 0 WHERE plan_id = 'family'"},
    {"F2",
     "INSERT INTO users.members SELECT 'other', owner_id, NULL, 'ACTIVE' FROM users.households "
     "WHERE state = 'ACTIVE' LIMIT 1"},
    {"F3", "UPDATE users.households SET state = 'ACTIVE' WHERE state = 'DISSOLVED'"},
    {"F3", "UPDATE users.households SET state = 'DISSOLVED' WHERE state = 'ACTIVE'"},
    {"U2", "UPDATE auth.credentials SET state = 'REVOKED' WHERE user_id = 'u0000001'"},
    {"W1", "DELETE FROM gateway.requests WHERE user_id = 'u0000010'"},
    {"W2",
     "INSERT INTO gateway.requests SELECT 'x', idem, user_id, route, 202, 'x', 0, 0 FROM "
     "gateway.requests LIMIT 1"},
    {"W3", "UPDATE gateway.requests SET http_status = 200"},
    {"E1", "UPDATE orchestrator.workflows SET status = 'RUNNING' WHERE status = 'COMPLETED'"},
    {"E2", "DELETE FROM orchestrator.workflows WHERE failure_of IS NOT NULL"},
    {"E3", "DELETE FROM users.effects WHERE kind = 'UNDO'"},
    {"E3",
     "INSERT INTO users.effects VALUES ('feed', 'create_household', 'DO', 1, 'COMPENSATABLE', "
     "'APPLIED', 5, NULL)"},
    {"E4", "DELETE FROM auth.effects"},
    {"E4", "DELETE FROM logging.effects"},
    {"E5",
     "INSERT INTO users.effects SELECT saga_id, 'any', 'UNDO', 1, 'COMPENSATABLE', 'APPLIED', 1, "
     "NULL FROM auth.effects LIMIT 1"},
    {"E6",
     "INSERT INTO auth.effects SELECT saga_id, step, kind, 2, role, state, seq, begun FROM "
     "auth.effects LIMIT 1"},
    {"E7", "DELETE FROM users.effects WHERE kind = 'DO'"},
    {"E8", "UPDATE users.effects SET seq = seq + 1000 WHERE kind = 'DO'"},
    {"E9", "UPDATE payments.effects SET seq = seq - 1000 WHERE kind = 'UNDO'"},
    {"E10", "UPDATE payments.outbox SET published_at = NULL"},
    {"E11", "UPDATE orchestrator.workflows SET status = 'COMPLETED' WHERE status = 'FAILED'"},
    {"E11", "UPDATE orchestrator.workflows SET status = 'TERMINATED' WHERE status = 'COMPLETED'"},
};

class InvariantFires : public testing::TestWithParam<Violation> {};

TEST_P(InvariantFires, OnItsOwnViolation) {
  const People people{
      .users = 40, .subscribers = 8, .declined_authorizations = 0.3, .declined_captures = 0.3};
  ServicesWorld world({}, people);
  std::set<std::string> wanted{"", "AUTH", "CAPTURE"};
  for (std::int64_t user = 10; user < 40; ++user) {
    const std::string_view declined = psp::declines(population_of(people), user);
    if (user == 10 || wanted.erase(std::string(declined)) > 0) world.subscribe(user, "family");
  }
  ASSERT_THAT(wanted, IsEmpty());
  ASSERT_THAT(world.violated(), IsEmpty());
  ASSERT_THAT(world.without_subject(), testing::IsSubsetOf({"P4"}));
  world.sql(GetParam().sql);
  EXPECT_THAT(world.violated(), Contains(GetParam().id)) << GetParam().sql;
}

std::string violation_name(const testing::TestParamInfo<Violation>& info) {
  return std::string(info.param.id) + "_" + std::to_string(info.index);
}
INSTANTIATE_TEST_SUITE_P(All, InvariantFires, testing::ValuesIn(kViolations), violation_name);

TEST(Invariants, EachHasAViolationInThisTest) {
  std::set<std::string> tested;
  for (const Violation& violation : kViolations) tested.insert(violation.id);
  for (const auto& invariant : all_invariants()) EXPECT_THAT(tested, Contains(invariant.id));
}

TEST(Invariants, LeadFromAChangedRowToAKey) {
  ServicesWorld world;
  for (const auto& invariant : all_invariants()) {
    if (!invariant.by_key()) continue;
    EXPECT_FALSE(invariant.changed.empty()) << invariant.id;
    for (const auto& rule : invariant.changed) {
      EXPECT_TRUE(world.runtime.database().has_table(rule.table))
          << invariant.id << " " << rule.table;
      const std::vector<SqlValue> parameters(rule.parameters.size(), SqlValue(std::string("x")));
      if (!rule.query.empty()) world.runtime.database().query(rule.query, parameters);
      if (!rule.column.empty()) {
        world.runtime.database().query("SELECT " + rule.column + " FROM " + rule.table);
      }
    }
    const SqlValue key = std::string("x");
    if (!invariant.saga_sql.empty()) {
      world.runtime.database().query(invariant.saga_sql, std::span(&key, 1));
    }
  }
}

}  // namespace
}  // namespace soundcheck
