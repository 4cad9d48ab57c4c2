#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/kernel/direct/direct_kernel.hpp"
#include "sim/kernel/flow/flow_kernel.hpp"
#include "sim/kernel/kernel.hpp"
#include "tests/support/forked.hpp"

namespace soundcheck::test {

// Two regions of two zones of three hosts: the hosts 0-2 are in zone 0, 3-5 in zone 1 of the same
// region, 6-11 in the other region. Latencies 50 us for a host's link, 100 us for a backbone, 20 ms
// for a wide-area link; 1 Gbyte/s, but 0.5 for backbones and 0.1 for wide-area links.
inline Platform small_platform(Sharing sharing = Sharing::kShared, int cores = 2) {
  Platform platform;
  for (std::uint32_t region = 0; region < 2; ++region) {
    platform.regions.push_back({"r" + std::to_string(region), {20_ms, 0.1e9}});
  }
  for (std::uint32_t zone = 0; zone < 4; ++zone) {
    platform.zones.push_back({"z" + std::to_string(zone), RegionId(zone / 2), {100_us, 0.5e9}});
  }
  for (std::uint32_t host = 0; host < 12; ++host) {
    platform.hosts.push_back({.name = "h" + std::to_string(host),
                              .zone = ZoneId(host / 3),
                              .cores = cores,
                              .sharing = sharing,
                              .up = {50_us, 1e9},
                              .down = {50_us, 1e9},
                              .disk_read_bytes_per_second = 500e6,
                              .disk_write_bytes_per_second = 250e6});
  }
  return platform;
}

// Writes down what a kernel calls, and when.
class KernelLog {
 public:
  struct Entry {
    std::int64_t at;  // nanoseconds
    std::uint64_t which;
    Outcome outcome;
  };

  explicit KernelLog(Kernel& kernel) : kernel_(kernel) {}

  Callback timer(std::uint64_t which) {
    return {[](void* log, std::uint64_t argument) {
              static_cast<KernelLog*>(log)->add(argument, Outcome::kDone);
            },
            this, which};
  }
  ActivityCallback activity(std::uint64_t which) {
    return {[](void* log, std::uint64_t argument, Outcome outcome) {
              static_cast<KernelLog*>(log)->add(argument, outcome);
            },
            this, which};
  }

  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<std::uint64_t> order() const {
    std::vector<std::uint64_t> result;
    for (const Entry& entry : entries_) result.push_back(entry.which);
    return result;
  }
  // When the `which` ended well, in nanoseconds; -1 when it did not.
  std::int64_t done_at(std::uint64_t which) const { return find(which, Outcome::kDone); }
  std::int64_t failed_at(std::uint64_t which) const { return find(which, Outcome::kFailed); }

  std::string text() const {
    std::string result;
    for (const Entry& entry : entries_) {
      result += std::to_string(entry.at) + ' ' + std::to_string(entry.which) +
                (entry.outcome == Outcome::kDone ? " done\n" : " failed\n");
    }
    return result;
  }

 private:
  void add(std::uint64_t which, Outcome outcome) {
    entries_.push_back({kernel_.now().count(), which, outcome});
  }
  std::int64_t find(std::uint64_t which, Outcome outcome) const {
    for (const Entry& entry : entries_) {
      if (entry.which == which && entry.outcome == outcome) return entry.at;
    }
    return -1;
  }

  Kernel& kernel_;
  std::vector<Entry> entries_;
};

// Calls a function at a time of the simulation.
class Script {
 public:
  void at(Kernel& kernel, Time time, std::function<void()> action) {
    actions_.push_back(std::make_unique<std::function<void()>>(std::move(action)));
    kernel.schedule(time, {[](void* function, std::uint64_t) {
                             (*static_cast<std::function<void()>*>(function))();
                           },
                           actions_.back().get(), 0});
  }

 private:
  std::vector<std::unique_ptr<std::function<void()>>> actions_;
};

inline std::unique_ptr<Kernel> make_kernel(Fidelity fidelity, const Platform& platform) {
  return fidelity == Fidelity::kDirect ? make_direct_kernel(platform) : make_flow_kernel(platform);
}

// Runs `body` with a new kernel, in a forked child for `flow`, and returns its text. Fails the test
// when an expectation failed in there.
inline std::string with_kernel(Fidelity fidelity, const Platform& platform,
                               const std::function<std::string(Kernel&)>& body) {
  const auto run = [&] {
    const std::unique_ptr<Kernel> kernel = make_kernel(fidelity, platform);
    return body(*kernel);
  };
  if (fidelity == Fidelity::kDirect) return run();
  const Forked result = run_forked(run);
  EXPECT_TRUE(result.passed()) << "exit code " << result.exit_code << ", signal " << result.signal
                               << '\n'
                               << result.output;
  return result.text;
}

}  // namespace soundcheck::test
