#include <gtest/gtest.h>

#include "models/services/users/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::SagaRun;
using testing_support::ServicesWorld;

class Users : public testing::Test {
 protected:
  SagaRun family(std::int64_t user, const char* key = "k") {
    SagaRun run = world.start(user, "family", key);
    run.outputs["reserve_subscription"] = Json{{"sub_id", "sub-" + run.saga_id}};
    return run;
  }
  std::string state_of(const SagaRun& run) {
    return world.text("SELECT state FROM users.households WHERE household_id = 'house-" +
                      run.saga_id + "'");
  }
  ServicesWorld world{{}, {.users = 10}};
};

TEST_F(Users, MakeAHouseholdWithItsOwnerOnce) {
  SagaRun run = family(1);
  const TaskResult first = world.attempt(run, "create_household");
  EXPECT_EQ(world.attempt(run, "create_household", 1).output, first.output);
  EXPECT_EQ(state_of(run), "ACTIVE");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM users.members WHERE state = 'ACTIVE'"), 1);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM users.effects"), 1);
  const auto account = world.runtime.call(users::GetAccount{user_id_of(1)});
  EXPECT_EQ(account->household_id, "house-" + run.saga_id);
}

TEST_F(Users, LiveInOneHouseholdOnly) {
  SagaRun first = family(1, "a");
  SagaRun second = family(1, "b");
  EXPECT_EQ(world.attempt(first, "create_household").status, TaskStatus::kCompleted);
  EXPECT_EQ(world.attempt(second, "create_household").status, TaskStatus::kFailedWithTerminalError);
}

TEST_F(Users, LeaveAHouseholdThatIsDissolved) {
  SagaRun first = family(1, "a");
  world.attempt(first, "create_household");
  world.attempt(first, "undo_create_household");
  world.attempt(first, "undo_create_household", 1);
  EXPECT_EQ(state_of(first), "DISSOLVED");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM users.effects"), 2);
  SagaRun second = family(1, "b");
  EXPECT_EQ(world.attempt(second, "create_household").status, TaskStatus::kCompleted);
}

TEST_F(Users, RefuseAHouseholdThatComesAfterItsUndo) {
  SagaRun run = family(1);
  world.attempt(run, "undo_create_household");
  EXPECT_EQ(world.attempt(run, "create_household").status, TaskStatus::kFailedWithTerminalError);
  EXPECT_EQ(state_of(run), "-");
}

TEST_F(Users, KnowTheirAccounts) {
  const auto account = world.runtime.call(users::GetAccount{user_id_of(3)});
  EXPECT_TRUE(account->found);
  EXPECT_EQ(account->state, "ACTIVE");
  EXPECT_FALSE(world.runtime.call(users::GetAccount{"nobody"})->found);
}

}  // namespace
}  // namespace soundcheck
