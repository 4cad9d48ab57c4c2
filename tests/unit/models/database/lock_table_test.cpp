#include "models/database/lock_table.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

constexpr LockName kA{1};
constexpr LockName kB{2};

TEST(LockTable, GrantsInTheOrderOfTheRequests) {
  LockTable locks;
  EXPECT_TRUE(locks.acquire(kA, 10));
  EXPECT_FALSE(locks.acquire(kA, 11));
  EXPECT_FALSE(locks.acquire(kA, 12));
  EXPECT_TRUE(locks.acquire(kB, 12));
  EXPECT_EQ(locks.release(kA, 10), 11u);
  EXPECT_EQ(locks.release(kA, 11), 12u);
  EXPECT_EQ(locks.release(kA, 12), 0u);
  EXPECT_EQ(locks.held(), 1u);
  EXPECT_TRUE(locks.acquire(kA, 13));
}

TEST(LockTable, WhoWithdrawsIsPassedOver) {
  LockTable locks;
  locks.acquire(kA, 10);
  locks.acquire(kA, 11);
  locks.acquire(kA, 12);
  locks.withdraw(kA, 11);
  EXPECT_EQ(locks.release(kA, 10), 12u);
}

TEST(LockTableDeathTest, OnlyTheOwnerReleases) {
  LockTable locks;
  locks.acquire(kA, 10);
  EXPECT_DEATH(locks.release(kA, 11), "released by somebody else");
  EXPECT_DEATH(locks.acquire(kA, 10), "taken twice");
}

}  // namespace
}  // namespace soundcheck
