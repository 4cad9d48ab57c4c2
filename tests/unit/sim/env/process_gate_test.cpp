#include "sim/env/process_gate.hpp"

#include <gtest/gtest.h>

#include <string>

namespace soundcheck {
namespace {

// Writes down, behind a gate, what arrives in which order. 'p' pauses the process, 'k' kills it.
class Arrivals {
 public:
  void arrive(char what) { receive(this, static_cast<std::uint64_t>(what)); }

  ReadyQueue ready;
  ProcessGate gate{ready};
  std::string seen;

 private:
  static void receive(void* self, std::uint64_t what) {
    auto& arrivals = *static_cast<Arrivals*>(self);
    if (arrivals.gate.holds({&Arrivals::receive, self, what})) return;
    arrivals.seen += arrivals.gate.doomed() ? '!' : static_cast<char>(what);
    if (what == 'p') arrivals.gate.pause();
    if (what == 'k') arrivals.gate.doom();
  }
};

TEST(ProcessGate, LetsEverythingPassUntilItIsPaused) {
  Arrivals arrivals;
  arrivals.arrive('a');
  EXPECT_TRUE(arrivals.gate.open());
  arrivals.gate.pause();
  arrivals.arrive('b');
  EXPECT_EQ(arrivals.seen, "a");
  EXPECT_FALSE(arrivals.gate.open());
  EXPECT_TRUE(arrivals.gate.paused());
}

TEST(ProcessGate, DeliversWhatItHeldInTheOrderOfArrival) {
  Arrivals arrivals;
  arrivals.gate.pause();
  arrivals.arrive('a');
  arrivals.arrive('b');
  arrivals.gate.resume();
  arrivals.arrive('c');  // at the instant of the resume: behind those that came before
  EXPECT_EQ(arrivals.seen, "");
  arrivals.ready.run_all();
  arrivals.arrive('d');
  EXPECT_EQ(arrivals.seen, "abcd");
}

TEST(ProcessGate, CountsItsPauses) {
  Arrivals arrivals;
  arrivals.gate.pause();
  arrivals.gate.pause();
  arrivals.arrive('a');
  arrivals.gate.resume();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "");
  arrivals.gate.resume();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "a");
}

TEST(ProcessGate, HoldsOnWhenItIsPausedAgainBeforeAnythingWasDelivered) {
  Arrivals arrivals;
  arrivals.gate.pause();
  arrivals.arrive('a');
  arrivals.gate.resume();
  arrivals.gate.pause();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "");
  arrivals.gate.resume();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "a");
}

TEST(ProcessGate, HoldsTheRestWhenOneOfThemPausesTheProcess) {
  Arrivals arrivals;
  arrivals.gate.pause();
  for (const char what : {'a', 'p', 'b'}) arrivals.arrive(what);
  arrivals.gate.resume();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "ap");
  arrivals.arrive('c');
  arrivals.gate.resume();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "apbc");
}

TEST(ProcessGate, LetsThoseItHeldFindTheProcessGoneWhenItWasKilled) {
  Arrivals arrivals;
  arrivals.gate.pause();
  arrivals.arrive('a');
  arrivals.gate.doom();
  EXPECT_EQ(arrivals.seen, "") << "from the ready queue, never from inside the kill";
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "!");
  arrivals.gate.resume();  // of a pause that had been forgotten
  arrivals.ready.run_all();
  EXPECT_TRUE(arrivals.gate.doomed());
  EXPECT_FALSE(arrivals.gate.paused());
}

TEST(ProcessGate, LetsTheRestFindTheProcessGoneWhenOneOfThemKillsIt) {
  Arrivals arrivals;
  arrivals.gate.pause();
  for (const char what : {'a', 'k', 'b'}) arrivals.arrive(what);
  arrivals.gate.resume();
  arrivals.ready.run_all();
  EXPECT_EQ(arrivals.seen, "ak!");
}

}  // namespace
}  // namespace soundcheck
