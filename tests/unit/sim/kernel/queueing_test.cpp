// Hosts against queueing theory.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/core/math.hpp"
#include "sim/core/random.hpp"
#include "tests/unit/sim/kernel/kernel_log.hpp"

namespace soundcheck::test {
namespace {

struct Customer {
  Time arrival;
  Duration service;
};

// Poisson arrivals, 8 a second; exponential service, 0.1 s.
std::vector<Customer> poisson_stream(int count) {
  RandomStream arrivals(3, "arrivals");
  RandomStream services(3, "services");
  std::vector<Customer> result;
  Time at;
  for (int i = 0; i < count; ++i) {
    at += Duration::from_seconds(-deterministic_log(arrivals.uniform_positive()) / 8.0);
    result.push_back(
        {at, Duration::from_seconds(-deterministic_log(services.uniform_positive()) / 10.0)});
  }
  return result;
}

// Feeds a host and writes down how long each customer stayed.
struct Station {
  Kernel& kernel;
  std::vector<Customer> customers;
  std::vector<Duration> stays{};

  void run() {
    stays.resize(customers.size());
    schedule(0);
    kernel.run(Time::never());
  }
  double mean_stay() const {
    double total = 0;
    for (const Duration stay : stays) total += stay.in_seconds();
    return total / static_cast<double>(stays.size());
  }

 private:
  void schedule(std::uint64_t which) {
    if (which == customers.size()) return;
    kernel.schedule(customers[which].arrival, {[](void* self, std::uint64_t argument) {
                                                 static_cast<Station*>(self)->arrive(argument);
                                               },
                                               this, which});
  }
  void arrive(std::uint64_t which) {
    schedule(which + 1);
    kernel.execute(HostId(0), customers[which].service,
                   {[](void* self, std::uint64_t argument, Outcome) {
                      auto& station = *static_cast<Station*>(self);
                      station.stays[argument] =
                          station.kernel.now() - station.customers[argument].arrival;
                    },
                    this, which});
  }
};

// M/M/1 at utilisation 0.8: the mean stay is 1 / (10 - 8) = 0.5 s, whether served in order or
// shared.
constexpr double kMeanStay = 0.5;

TEST(Queueing, AFirstInFirstOutHostFollowsLindleysRecursionToTheNanosecond) {
  const auto kernel = make_direct_kernel(small_platform(Sharing::kFifo, 1));
  Station station{*kernel, poisson_stream(200'000)};
  station.run();
  Time free;  // W' = max(0, W + S - A), Lindley 1952
  for (std::size_t i = 0; i < station.customers.size(); ++i) {
    free = std::max(free, station.customers[i].arrival) + station.customers[i].service;
    ASSERT_EQ(station.stays[i], free - station.customers[i].arrival) << i;
  }
  EXPECT_NEAR(station.mean_stay(), kMeanStay, 0.05 * kMeanStay);
}

TEST(Queueing, ASharedHostHasTheMeanOfMM1) {
  const auto kernel = make_direct_kernel(small_platform(Sharing::kShared, 1));
  Station station{*kernel, poisson_stream(200'000)};
  station.run();
  EXPECT_NEAR(station.mean_stay(), kMeanStay, 0.05 * kMeanStay);
}

// Work is conserved: a busy period ends at the same instant in any discipline, so nothing may drift
// however long a changing number of computations shares the host without a pause.
TEST(Queueing, ABusyHostDoesNotDrift) {
  std::vector<Customer> customers = poisson_stream(200'000);
  Time free;
  for (Customer& customer : customers) {
    customer.arrival =
        Time::at(customer.arrival.since_start() / 5 * 4);  // utilisation 1: hardly ever idle
    free = std::max(free, customer.arrival) + customer.service;
  }
  for (const Sharing sharing : {Sharing::kFifo, Sharing::kShared}) {
    const auto kernel = make_direct_kernel(small_platform(sharing, 1));
    Station station{*kernel, customers};
    station.run();
    EXPECT_NEAR(kernel->now().count(), free.count(), 2);
  }
}

}  // namespace
}  // namespace soundcheck::test
