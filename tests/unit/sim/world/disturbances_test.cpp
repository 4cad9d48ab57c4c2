#include "sim/world/disturbances.hpp"

#include <gtest/gtest.h>

#include "tests/support/forked.hpp"

namespace soundcheck::test {
namespace {

struct Listener final : DisturbanceObserver {
  int told = 0;
  void on_disturbance() override { ++told; }
};

TEST(Disturbances, AreToldWhenTheFirstOneBegins) {
  Disturbances disturbances;
  Listener listener;
  disturbances.observe(listener);
  disturbances.begin();
  disturbances.begin();
  EXPECT_EQ(listener.told, 1);
  disturbances.end(Time::at(1_s));
  EXPECT_FALSE(disturbances.undisturbed()) << "one is left";
  disturbances.end(Time::at(2_s));
  EXPECT_TRUE(disturbances.undisturbed());
  disturbances.begin();
  EXPECT_EQ(listener.told, 2);
}

TEST(Disturbances, OneThatPassesIsOverButNotForgotten) {
  Disturbances disturbances;
  Listener listener;
  disturbances.observe(listener);
  EXPECT_TRUE(disturbances.undisturbed_since(Time()));
  disturbances.pass(Time::at(5_s));
  EXPECT_EQ(listener.told, 1);
  EXPECT_TRUE(disturbances.undisturbed());
  EXPECT_FALSE(disturbances.undisturbed_since(Time::at(4_s)));
  EXPECT_TRUE(disturbances.undisturbed_since(Time::at(5_s)));
}

TEST(Disturbances, OneThatNeverBeganDoesNotEnd) {
  const Forked mistaken = run_forked([] {
    Disturbances disturbances;
    disturbances.end(Time());
    return std::string();
  });
  EXPECT_NE(mistaken.exit_code, 0);
  EXPECT_NE(mistaken.output.find("never began"), std::string::npos) << mistaken.output;
}

}  // namespace
}  // namespace soundcheck::test
