#include "sim/env/loop_iteration.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

TEST(LoopIteration, IsTheNumberBehindTheLastTwoUnderlines) {
  EXPECT_EQ(split_iteration("pay__3").name, "pay");
  EXPECT_EQ(split_iteration("pay__3").iteration, "__3");
  EXPECT_EQ(split_iteration("pay__card__12").name, "pay__card");
  EXPECT_EQ(split_iteration("__2").name, "");
}

TEST(LoopIteration, OtherNamesHaveNone) {
  for (const char* const name : {"", "pay", "pay_3", "pay__card", "pay__3x", "pay__"}) {
    EXPECT_EQ(split_iteration(name).name, name);
    EXPECT_EQ(split_iteration(name).iteration, "") << name;
  }
}

}  // namespace
}  // namespace soundcheck
