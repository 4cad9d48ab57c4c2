#include "sim/world/failpoints.hpp"

#include <gtest/gtest.h>

#include "sim/core/units.hpp"
#include "sim/world/world.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck {
namespace {

using Action = Verdict::Action;

struct Decides final : FailpointWatcher {
  explicit Decides(Verdict what) : verdict(what) {}
  Verdict at_failpoint(const FailpointContext& context) override {
    seen = context.failpoint;
    return verdict;
  }
  Verdict verdict;
  std::optional<Failpoint> seen;
};

// What a model does at a failpoint that permits everything, as a word.
std::string at_request_sent(World& world, bool gone = false) {
  std::string done;
  const AfterFailpoint after = world.failpoints().at<Failpoint::kRpcRequestSent>(
      [] { return FailpointContext{}; }, [&] { return gone; },
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            done = "delayed by " + to_text(delay);
                            return AfterFailpoint::kStop;
                          },
                      .dropped =
                          [&] {
                            done = "dropped";
                            return AfterFailpoint::kStop;
                          },
                      .duplicated =
                          [&] {
                            done = "duplicated";
                            return AfterFailpoint::kGoOn;
                          },
                      .failed =
                          [&](const Error& error) {
                            done = "failed with " + std::string(name_of(error.code));
                            return AfterFailpoint::kStop;
                          }});
  return done + (after == AfterFailpoint::kGoOn ? ", goes on" : ", stops");
}

TEST(Failpoints, CarryOutWhatTheFirstWatcherDecides) {
  World world(Fidelity::kDirect, test::one_zone(1), 1);
  EXPECT_EQ(at_request_sent(world), ", goes on") << "nobody watches";
  EXPECT_EQ(world.failpoints().reached(Failpoint::kRpcRequestSent), 0U) << "nobody is asked";
  const std::pair<Verdict, const char*> cases[] = {
      {{}, ", goes on"},
      {{.action = Action::kDelay, .delay = 3_ms}, "delayed by 3ms, stops"},
      {{.action = Action::kDrop}, "dropped, stops"},
      {{.action = Action::kDuplicate}, "duplicated, goes on"},
      {{.action = Action::kFail, .code = ErrorCode::kConflict}, "failed with conflict, stops"}};
  for (const auto& [verdict, expected] : cases) {
    Decides first({});
    Decides second(verdict);
    Decides third({.action = Action::kDrop});
    for (Decides* const watcher : {&first, &second})
      world.failpoints().arm(Failpoint::kRpcRequestSent, *watcher);
    if (verdict.action != Action::kPass) world.failpoints().arm(Failpoint::kRpcRequestSent, third);
    EXPECT_EQ(at_request_sent(world), expected);
    EXPECT_EQ(first.seen, Failpoint::kRpcRequestSent);
    EXPECT_EQ(third.seen, std::nullopt) << "the second has decided";
    EXPECT_EQ(at_request_sent(world, true), ", stops") << "the process has died there";
    for (Decides* const watcher : {&first, &second, &third})
      world.failpoints().disarm(Failpoint::kRpcRequestSent, *watcher);
  }
}

TEST(FailpointsDeathTest, RefuseAVerdictThatIsNotPermitted) {
  World world(Fidelity::kDirect, test::one_zone(1), 1);
  Decides twice({.action = Action::kDuplicate});
  world.failpoints().arm(Failpoint::kDbInCommit, twice);
  EXPECT_DEATH(world.failpoints().reach({.failpoint = Failpoint::kDbInCommit}),
               "db.in-commit does not permit duplicate");
}

TEST(Failpoints, PermitWhatTheirListSays) {
  EXPECT_EQ(to_text(permitted_at(Failpoint::kRpcHandlerStart)), "pass, fail, crash");
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    const auto failpoint = static_cast<Failpoint>(i);
    EXPECT_TRUE(permitted_at(failpoint).contains(Action::kPass)) << name_of(failpoint);
    EXPECT_EQ(failpoint_named(name_of(failpoint)), failpoint);
    EXPECT_FALSE(place_of(failpoint).empty()) << name_of(failpoint);
  }
  EXPECT_EQ(failpoint_named("db.befor-commit"), std::nullopt);
}

}  // namespace
}  // namespace soundcheck
