// The first property of all: one caller, one callee, one database; either side is killed at every
// step of the ready queue and at every failpoint. Whatever the moment, nothing leaks, nothing is
// left under way, and what the caller is told is true: success means that the row is there, a
// definite error means that it is not.
#include <gtest/gtest.h>

#include "tests/support/bookkeeper.hpp"
#include "tests/support/forked.hpp"

namespace soundcheck::test {
namespace {

enum class Victim { kCaller, kCallee, kDatabase, kCalleeHost, kDatabaseHost };
constexpr Victim kVictims[] = {Victim::kCaller, Victim::kCallee, Victim::kDatabase,
                               Victim::kCalleeHost, Victim::kDatabaseHost};
constexpr Time kLater = Time::at(10_min);

void kill(Bookkeeper& system, Victim victim) {
  World& world = system.world();
  switch (victim) {
    case Victim::kCaller:
      world.crash(system.caller());
      break;
    case Victim::kCallee:
      world.crash(system.callee());
      break;
    case Victim::kDatabase:
      world.crash(system.database());
      break;
    case Victim::kCalleeHost:
      world.set_host_down(world.process(system.callee()).host);
      break;
    case Victim::kDatabaseHost:
      world.set_host_down(world.process(system.database()).host);
      break;
  }
}

void expect_truth(Bookkeeper& system, Victim victim, const std::string& moment) {
  SCOPED_TRACE(moment);
  const auto& answer = system.answer();
  if (victim == Victim::kCaller) {
    if (answer) EXPECT_EQ(system.rows(), 1);  // it heard before it died
  } else {
    ASSERT_TRUE(answer.has_value()) << "the caller was left waiting";
  }
  if (answer && answer->has_value()) EXPECT_EQ(system.rows(), 1) << "success without a row";
  if (answer && !answer->has_value() && answer->error().definite) {
    EXPECT_EQ(system.rows(), 0) << "'" << name_of(answer->error().code)
                                << "' is said to be definite";
  }
  EXPECT_TRUE(system.rpc().idle());
  EXPECT_TRUE(system.databases().idle());
  EXPECT_EQ(system.databases().locks_held(system.database()), 0u);
  EXPECT_EQ(system.databases().unsynced_commits(system.database()), 0u);
  system.world().shut_down();
  EXPECT_EQ(system.world().completions().open_slots(), 0u);
}

struct Killer {
  Bookkeeper* system;
  Victim victim;
  static void strike(void* self, std::uint64_t) {
    auto& killer = *static_cast<Killer*>(self);
    kill(*killer.system, killer.victim);
  }
};

class KillAtFailpoint final : public FailpointWatcher {
 public:
  KillAtFailpoint(Bookkeeper& system, Victim victim) : system_(system), victim_(victim) {}
  Verdict at_failpoint(const FailpointContext&) override {
    ++reached_;
    if (reached_ == 1) kill(system_, victim_);
    return {};
  }
  int reached() const { return reached_; }

 private:
  Bookkeeper& system_;
  Victim victim_;
  int reached_ = 0;
};

// How many ready-queue steps an undisturbed run takes.
std::uint64_t steps_of(Fidelity fidelity) {
  Bookkeeper system(fidelity);
  system.ask();
  system.world().kernel().run(kLater);
  EXPECT_TRUE(system.answer() && system.answer()->has_value());
  EXPECT_EQ(system.rows(), 1);
  return system.world().kernel().ready().steps();
}

void kill_at_step(Fidelity fidelity, Victim victim, std::uint64_t step) {
  Bookkeeper system(fidelity);
  Killer killer{&system, victim};
  system.world().kernel().ready().before_step(step, {&Killer::strike, &killer, 0});
  system.ask();
  system.world().kernel().run(kLater);
  expect_truth(system, victim,
               "before step " + std::to_string(step) + ", victim " +
                   std::to_string(static_cast<int>(victim)));
}

void kill_at_moment(Fidelity fidelity, Victim victim, Duration moment) {
  Bookkeeper system(fidelity);
  Killer killer{&system, victim};
  system.world().kernel().schedule_in(moment, {&Killer::strike, &killer, 0});
  system.ask();
  system.world().kernel().run(kLater);
  expect_truth(system, victim,
               "at " + std::to_string(moment.count()) + " ns, victim " +
                   std::to_string(static_cast<int>(victim)));
}

// True if the failpoint lies on the way.
bool kill_at(Fidelity fidelity, Victim victim, Failpoint failpoint) {
  Bookkeeper system(fidelity);
  KillAtFailpoint killer(system, victim);
  system.world().failpoints().arm(failpoint, killer);
  system.ask();
  system.world().kernel().run(kLater);
  expect_truth(
      system, victim,
      std::string(name_of(failpoint)) + ", victim " + std::to_string(static_cast<int>(victim)));
  system.world().failpoints().disarm(failpoint, killer);
  return killer.reached() > 0;
}

TEST(Crash, AtEveryStepOfTheReadyQueueLeavesTheTruthInDirect) {
  const std::uint64_t steps = steps_of(Fidelity::kDirect);
  ASSERT_GE(steps, 4u);  // of background, call, transaction, answer
  for (const Victim victim : kVictims) {
    for (std::uint64_t step = 1; step <= steps; ++step)
      kill_at_step(Fidelity::kDirect, victim, step);
  }
}

TEST(Crash, AtEveryFailpointLeavesTheTruthInDirect) {
  int on_the_way = 0;
  for (const Victim victim : kVictims) {
    for (std::size_t i = 0; i < kFailpointCount; ++i) {
      on_the_way += kill_at(Fidelity::kDirect, victim, static_cast<Failpoint>(i)) ? 1 : 0;
    }
  }
  // Five of a call and four of its transaction, for each victim; a dead caller's reply arrives
  // nowhere.
  EXPECT_EQ(on_the_way, 9 * 5);
}

// A process that stands still for a while, and then goes on as if nothing had been.
struct Pauser {
  Bookkeeper* system;
  ProcessId process;
  ProcessPause pause = {};
  static void strike(void* self, std::uint64_t) {
    auto& pauser = *static_cast<Pauser*>(self);
    World& world = pauser.system->world();
    pauser.pause = world.pause(pauser.process);
    world.kernel().schedule_in(1_s, {&Pauser::end, self, 0});
  }
  static void end(void* self, std::uint64_t) {
    auto& pauser = *static_cast<Pauser*>(self);
    pauser.system->world().resume(pauser.pause);
  }
};

void expect_forgotten(Bookkeeper& system, const std::string& moment) {
  SCOPED_TRACE(moment);
  ASSERT_TRUE(system.answer() && system.answer()->has_value());
  EXPECT_EQ(system.rows(), 1);
  EXPECT_LE(system.world().now(), kLater);
  expect_truth(system, Victim::kCallee, moment);
}

TEST(Pause, AtEveryStepOfTheReadyQueueIsForgotten) {
  const std::uint64_t steps = steps_of(Fidelity::kDirect);
  for (std::uint32_t process = 0; process < 3; ++process) {
    for (std::uint64_t step = 1; step <= steps; ++step) {
      Bookkeeper system(Fidelity::kDirect);
      Pauser pauser{&system, ProcessId(process)};
      system.world().kernel().ready().before_step(step, {&Pauser::strike, &pauser, 0});
      system.ask();
      system.world().kernel().run(kLater);
      expect_forgotten(system, "step " + std::to_string(step) + " " + std::to_string(process));
    }
  }
}

TEST(Pause, AtEveryMomentIsForgotten) {
  for (std::uint32_t process = 0; process < 3; ++process) {
    for (Duration moment = 1_us; moment < 8_ms; moment += 7_us) {
      Bookkeeper system(Fidelity::kDirect);
      Pauser pauser{&system, ProcessId(process)};
      system.world().kernel().schedule_in(moment, {&Pauser::strike, &pauser, 0});
      system.ask();
      system.world().kernel().run(kLater);
      expect_forgotten(system, "at " + to_text(moment) + " " + std::to_string(process));
    }
  }
}

// Between any two events: every 7 microseconds of the way, messages and computations under way.
TEST(Crash, AtEveryMomentLeavesTheTruthInDirect) {
  for (const Victim victim : kVictims) {
    for (Duration moment = 1_us; moment < 8_ms; moment += 7_us) {
      kill_at_moment(Fidelity::kDirect, victim, moment);
    }
  }
}

TEST(Crash, AtEveryStepOfTheReadyQueueLeavesTheTruthInFlow) {
  const std::uint64_t steps = 20;  // of an undisturbed run: fewer; later ones strike nothing
  for (const Victim victim : kVictims) {
    for (std::uint64_t step = 1; step <= steps; ++step) {
      const auto child = run_forked([&] {
        kill_at_step(Fidelity::kFlow, victim, step);
        return std::string();
      });
      EXPECT_EQ(child.exit_code, 0) << child.output << child.text;
    }
  }
}

TEST(Crash, AtEveryFailpointLeavesTheTruthInFlow) {
  for (const Victim victim : kVictims) {
    for (std::size_t i = 0; i < kFailpointCount; ++i) {
      const auto child = run_forked([&] {
        kill_at(Fidelity::kFlow, victim, static_cast<Failpoint>(i));
        return std::string();
      });
      EXPECT_EQ(child.exit_code, 0)
          << name_of(static_cast<Failpoint>(i)) << child.output << child.text;
    }
  }
}

}  // namespace
}  // namespace soundcheck::test
