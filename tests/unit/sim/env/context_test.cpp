#include "sim/env/context.hpp"

#include <gtest/gtest.h>

#include "tests/unit/sim/env/env_fixture.hpp"

namespace soundcheck::test {
namespace {

TEST(ContextRef, CountsWhoHoldsIt) {
  ContextRef first = ContextRef::make({.trace = 7});
  EXPECT_EQ(first->references, 1U);
  {
    const ContextRef second = first;
    EXPECT_EQ(&*second, &*first);
    EXPECT_EQ(first->references, 2U);
    ContextRef third = second;
    third = first;
    EXPECT_EQ(first->references, 3U) << "assigned to itself through another one";
  }
  EXPECT_EQ(first->references, 1U);
  const ContextRef moved = std::move(first);
  EXPECT_EQ(moved->references, 1U);
  EXPECT_FALSE(first);
  EXPECT_EQ(moved->trace, 7U);
}

TEST(ContextRef, AnEmptyOneHoldsNothing) {
  const ContextRef none;
  const ContextRef copy = none;
  EXPECT_FALSE(copy);
}

using EnvContext = EnvTest;

// A gateway starts work for a saga: the rest of its own context stays, and is not changed by it.
TEST_F(EnvContext, ForASagaIsASecondOneOfTheSameProcess) {
  const Env own = env();
  own.context()->trace = 7;
  own.context()->process = ProcessId(3);
  SagaContext saga;
  saga.saga = 42;
  const Env other = own.for_saga(saga, Time::at(9_s));
  EXPECT_EQ(other.context()->saga.saga, 42U);
  EXPECT_EQ(other.context()->deadline, Time::at(9_s));
  EXPECT_EQ(other.context()->trace, 7U);
  EXPECT_EQ(other.context()->process, ProcessId(3));
  EXPECT_EQ(other.context()->scope, own.context()->scope);
  EXPECT_EQ(own.context()->saga.saga, 0U);
  EXPECT_EQ(own.context()->deadline, Time::never());
  EXPECT_EQ(own.context()->references, 1U);
}

}  // namespace
}  // namespace soundcheck::test
