// Every end of a transaction, whatever dies and whenever: no residue, and no untrue error.
#include <map>

#include "tests/support/forked.hpp"
#include "tests/unit/models/database/server_fixture.hpp"

namespace soundcheck {
namespace {

using Ask = ServerFixture::Ask;

enum class Blow { kClientCrash, kClientPower, kServerCrash, kServerPower, kPartition };

struct Deal {
  ServerFixture& f;
  Blow blow;
  NetworkRuleId rule;

  void strike() {
    switch (blow) {
      case Blow::kClientCrash:
        f.world.crash(f.clients[0]);
        return;
      case Blow::kClientPower:
        f.world.set_host_down(HostId(0));
        return;
      case Blow::kServerCrash:
        f.world.crash(f.server);
        return;
      case Blow::kServerPower:
        f.world.set_host_down(HostId(2));
        return;
      case Blow::kPartition:
        rule = f.partition();
        return;
    }
  }
  void heal() {
    switch (blow) {
      case Blow::kClientCrash:
        f.world.start(f.clients[0]);
        return;
      case Blow::kClientPower:
        f.world.set_host_up(HostId(0));
        return;
      case Blow::kServerCrash:
        f.world.start(f.server);
        return;
      case Blow::kServerPower:
        f.world.set_host_up(HostId(2));
        return;
      case Blow::kPartition:
        f.world.network().remove_rule(rule);
        return;
    }
  }
};

// A few transactions that share connections, locks and rows; a blow before the ready queue's
// `step`-th item, or at a time; healing after 100 ms. Returns false when the run was over before.
bool check(Fidelity fidelity, std::pair<Blow, bool> how, std::uint64_t step, Duration time) {
  const auto [blow, at_once] = how;
  SCOPED_TRACE(::testing::Message() << "blow " << static_cast<int>(blow) << ", at once " << at_once
                                    << ", step " << step << ", time " << to_text(time));
  ServerFixture f({.fidelity = fidelity,
                   .parameters = {.connections = 2,
                                  .commit = Distribution::constant(1_ms),
                                  .timeout = 2_s,
                                  .keep_alive = 3_s,
                                  .recovery = 10_ms}});
  Deal deal{f, blow, {}};
  const Callback strike{[](void* self, std::uint64_t) { static_cast<Deal*>(self)->strike(); },
                        &deal, 0};
  if (step > 0) f.world.kernel().ready().before_step(step, strike);
  if (time > Duration()) f.world.kernel().schedule(Time::at(time), strike);
  const TransactOptions locks{.locks = {row("payments.rows", "x"), row("payments.rows", "y")},
                              .at_once = at_once};
  for (const char* const key : {"a", "b", "a", "c"}) f.begin(key, locks);
  const TransactOptions free{.at_once = at_once};
  f.begin("d", free, Ask::kCommit, 1);
  f.begin("e", locks, Ask::kCommit, 1);
  f.begin("f", free, Ask::kRollBack);
  f.begin("d", {}, Ask::kRead, 1);
  f.run_until(100_ms);
  const bool struck = step == 0 || f.world.kernel().ready().steps() >= step;
  deal.heal();
  f.run();

  EXPECT_TRUE(f.at_rest());
  EXPECT_TRUE(f.observer_is_in_step());
  EXPECT_EQ(f.world.completions().open_slots(), 0u);
  std::map<std::string, std::pair<int, int>> applied;  // at least, at most
  const bool client_died = blow == Blow::kClientCrash || blow == Blow::kClientPower;
  for (std::size_t i = 0; i < f.transactions.size(); ++i) {
    const ObservedTransaction& transaction = f.transactions[i];
    if (i >= 6) continue;  // those that leave nothing
    auto& [least, most] = applied[transaction.key];
    if (!transaction.ended) {
      EXPECT_TRUE(client_died);
      ++most;
    } else if (transaction.result) {
      ++least;
      ++most;
    } else if (!transaction.result.error().definite) {
      ++most;
    }
  }
  for (const auto& [key, range] : applied) {
    const std::int64_t value = f.value_of(key).value_or(0);
    EXPECT_GE(value, range.first) << key;
    EXPECT_LE(value, range.second) << key;
  }
  EXPECT_EQ(f.value_of("f"), std::nullopt);
  if (!struck) return false;
  // Two idle connections may not know yet that their server has lost power.
  const int tries = blow == Blow::kServerPower ? 3 : 1;
  const ObservedTransaction* late = nullptr;
  for (int i = 0; i < tries && (late == nullptr || !late->result); ++i) {
    late = &f.begin("late", locks);
    f.world.kernel().run(f.world.now() + 1_h);
  }
  EXPECT_TRUE(late->ended && late->result.has_value()) << "everything works again";
  return true;
}

// With transactions that are sent at once, and without.
class Blows : public ::testing::TestWithParam<std::tuple<Blow, bool>> {
 protected:
  static std::pair<Blow, bool> how() { return {std::get<0>(GetParam()), std::get<1>(GetParam())}; }
};
INSTANTIATE_TEST_SUITE_P(
    All, Blows,
    ::testing::Combine(::testing::Values(Blow::kClientCrash, Blow::kClientPower, Blow::kServerCrash,
                                         Blow::kServerPower, Blow::kPartition),
                       ::testing::Bool()));

TEST_P(Blows, BeforeEveryStepOfTheReadyQueueLeaveNoResidueAndNoUntrueError) {
  std::uint64_t step = 1;
  while (check(Fidelity::kDirect, how(), step, {}) && !HasFailure()) ++step;
  EXPECT_GT(step, 10u);
}

TEST_P(Blows, AtEveryMomentLeaveNoResidueAndNoUntrueError) {
  for (Duration at = 50_us; at < 40_ms && !HasFailure(); at += 100_us) {
    check(Fidelity::kDirect, how(), 0, at);
  }
}

TEST_P(Blows, LeaveNoResidueAndNoUntrueErrorOnSimGrid) {
  for (Duration at = 50_us; at < 30_ms && !HasFailure(); at += 2_ms + 300_us) {
    const test::Forked child = test::run_forked([&] {
      check(Fidelity::kFlow, how(), 0, at);
      return std::string();
    });
    EXPECT_TRUE(child.passed()) << to_text(at) << child.output;
  }
}

}  // namespace
}  // namespace soundcheck
