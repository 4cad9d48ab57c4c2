// A fixed amount of work, for counting instructions: budget_run events|rpcs|commits N.
#include <cstdlib>
#include <cstring>
#include <string>

#include "models/workload/workload.hpp"
#include "sim/world/world.hpp"
#include "tests/support/bookkeeper.hpp"
#include "tests/support/three_tier.hpp"

namespace soundcheck::test {
namespace {

struct Ticker {
  Kernel& kernel;
  std::int64_t left;
  static void tick(void* self, std::uint64_t spacing) {
    auto& ticker = *static_cast<Ticker*>(self);
    if (--ticker.left < 0) return;
    ticker.kernel.schedule_in(Duration::nanoseconds(static_cast<std::int64_t>(spacing)),
                              {&tick, self, spacing});
  }
};

// A thousand timers outstanding.
void events(std::int64_t count) {
  Platform platform;
  platform.regions.push_back({"region", {}});
  platform.zones.push_back({"zone", RegionId(0), {}});
  const auto kernel = make_kernel(Fidelity::kDirect, platform);
  Ticker ticker{*kernel, count + 1000};
  for (std::uint64_t i = 0; i < 1000; ++i) Ticker::tick(&ticker, 1000 + 7 * i);
  kernel->run(Time::at(365_d));
}

// Three calls a request.
void rpcs(std::int64_t count) {
  ThreeTier model(Fidelity::kDirect, 1, 5_ms, static_cast<std::uint64_t>(count / 3));
  MeanResponse mean(model.world().events());
  model.run();
}

void commits(std::int64_t count) {
  Bookkeeper system(Fidelity::kDirect);
  for (std::int64_t i = 0; i < count; ++i) {
    system.ask(std::to_string(i));
    system.world().kernel().run(system.world().now() + 1_s);
  }
}

}  // namespace
}  // namespace soundcheck::test

int main(int argc, char** argv) {
  using namespace soundcheck::test;
  if (argc != 3) return 2;
  const std::int64_t count = std::atoll(argv[2]);
  if (std::strcmp(argv[1], "events") == 0)
    events(count);
  else if (std::strcmp(argv[1], "rpcs") == 0)
    rpcs(count);
  else if (std::strcmp(argv[1], "commits") == 0)
    commits(count);
  else
    return 2;
  return 0;
}
