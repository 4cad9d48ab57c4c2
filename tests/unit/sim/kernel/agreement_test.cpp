// The same requests on both kernels: when nothing queues on a link they agree request by request,
// to the rounding of a nanosecond, however much computations and disk accesses share.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "sim/core/random.hpp"
#include "tests/unit/sim/kernel/kernel_log.hpp"

namespace soundcheck::test {
namespace {

// Nanoseconds. SimGrid takes events that are less than one apart for simultaneous, each time that a
// share changes.
constexpr std::int64_t kTolerance = 3;

struct Load {
  std::string name;
  Sharing sharing = Sharing::kShared;
  int requests = 3000;
  Duration mean_gap;     // between requests, of the whole platform
  Duration least_gap{};  // longer than a message takes: no two are on the way at once
  bool messages = false;
  bool faults = false;
};

std::string run_load(Kernel& kernel, const Load& load) {
  KernelLog log(kernel);
  Script script;
  RandomStream random(7, load.name);
  Time at;
  for (int i = 0; i < load.requests; ++i) {
    at += load.least_gap +
          Duration::nanoseconds(static_cast<std::int64_t>(random.below(2 * load.mean_gap.count())));
    const HostId host(static_cast<std::uint32_t>(random.below(12)));
    const HostId other(static_cast<std::uint32_t>(random.below(12)));
    const auto amount = static_cast<std::int64_t>(random.below(2'000'000));
    const auto which = static_cast<std::uint64_t>(i);
    const std::uint64_t kind = load.messages ? 0 : 1 + random.below(3);
    const bool fault = load.faults && random.below(100) == 0;
    script.at(kernel, at, [&kernel, &log, host, other, amount, which, kind, fault] {
      if (fault) kernel.set_host_on(other, amount % 3 == 0);
      if (fault) kernel.set_link_on(host, amount % 2 == 0);
      if (fault) kernel.set_host_speed(host, 0.5 + static_cast<double>(amount % 4));
      switch (kind) {
        case 0:
          kernel.transfer(host, other, amount / 100, log.activity(which));
          break;
        case 1:
          kernel.execute(host, Duration::nanoseconds(amount), log.activity(which));
          break;
        case 2:
          kernel.access(host, amount / 4, DiskOperation::kRead, log.activity(which));
          break;
        default:
          kernel.access(host, amount / 4, DiskOperation::kWrite, log.activity(which));
          break;
      }
    });
  }
  kernel.run(Time::never());
  return log.text();
}

struct End {
  std::int64_t at = -1;
  std::string outcome;
};

std::map<std::uint64_t, End> by_request(const std::string& text) {
  std::map<std::uint64_t, End> result;
  std::istringstream lines(text);
  std::uint64_t which = 0;
  End end;
  while (lines >> end.at >> which >> end.outcome) result[which] = end;
  return result;
}

class AgreementTest : public testing::TestWithParam<Load> {};

TEST_P(AgreementTest, DirectAndFlowEndEachRequestAtTheSameNanosecond) {
  const Load load = GetParam();
  const Platform platform = small_platform(load.sharing, 2);
  const auto run = [&load](Kernel& kernel) { return run_load(kernel, load); };
  const auto direct = by_request(with_kernel(Fidelity::kDirect, platform, run));
  const auto flow = by_request(with_kernel(Fidelity::kFlow, platform, run));
  ASSERT_EQ(direct.size(), static_cast<std::size_t>(load.requests));
  ASSERT_EQ(flow.size(), direct.size());
  for (const auto& [which, end] : direct) {
    const End& other = flow.at(which);
    ASSERT_EQ(end.outcome, other.outcome) << which;
    ASSERT_LE(std::abs(end.at - other.at), kTolerance) << which;
  }
}

TEST_P(AgreementTest, EachKernelGivesTheSameEventsTwice) {
  const Load load = GetParam();
  const Platform platform = small_platform(load.sharing, 2);
  const auto run = [&load](Kernel& kernel) { return run_load(kernel, load); };
  for (const Fidelity fidelity : {Fidelity::kDirect, Fidelity::kFlow}) {
    const std::string first = with_kernel(fidelity, platform, run);
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(first, with_kernel(fidelity, platform, run));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Loads, AgreementTest,
    testing::Values(
        Load{.name = "QuietNetwork", .mean_gap = 1_ms, .least_gap = 50_ms, .messages = true},
        Load{.name = "SharedLow", .mean_gap = 500_us},
        Load{.name = "SharedHigh", .mean_gap = 90_us},
        Load{.name = "FifoLow", .sharing = Sharing::kFifo, .mean_gap = 500_us},
        Load{.name = "FifoHigh", .sharing = Sharing::kFifo, .mean_gap = 90_us},
        Load{.name = "SharedFaults", .mean_gap = 200_us, .faults = true},
        Load{.name = "FifoFaults", .sharing = Sharing::kFifo, .mean_gap = 200_us, .faults = true},
        Load{.name = "NetworkFaults",
             .mean_gap = 1_ms,
             .least_gap = 50_ms,
             .messages = true,
             .faults = true}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace soundcheck::test
