#include "models/database/commit_log.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

void append(CommitLog& log, std::uint64_t request) {
  log.append({.request = request, .saga = {}, .changes = log.take_change_set()});
}

TEST(CommitLog, OneSyncCoversAllThatWasThereWhenItBegan) {
  CommitLog log;
  EXPECT_FALSE(log.begin_sync());
  append(log, 1);
  append(log, 2);
  EXPECT_TRUE(log.begin_sync());
  append(log, 3);
  EXPECT_FALSE(log.begin_sync());
  EXPECT_EQ(log.end_sync(), 2u);
  EXPECT_EQ(log.take_oldest().request, 1u);
  EXPECT_EQ(log.take_youngest().request, 3u);
}

TEST(CommitLog, WhatIsHeldBackHoldsUpWhatFollows) {
  CommitLog log;
  append(log, 1);
  append(log, 2);
  log.hold_back_youngest();
  append(log, 3);
  EXPECT_TRUE(log.begin_sync());
  EXPECT_EQ(log.end_sync(), 1u);
  log.take_oldest();
  EXPECT_FALSE(log.begin_sync());
  log.let_go(2);
  EXPECT_TRUE(log.begin_sync());
  EXPECT_EQ(log.end_sync(), 2u);
}

}  // namespace
}  // namespace soundcheck
