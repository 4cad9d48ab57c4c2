#include "scenarios/assembly/population.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "models/registry/registry.hpp"
#include "models/services/common/population.hpp"
#include "sim/core/parameters_merged.hpp"

namespace soundcheck {
namespace {

// Rows in SQLite, and again in the observer, measured: an account, its login and its billing
// profile; of a subscriber also a subscription, a period, a payment, its bookings and its log.
constexpr double kBytesOfUser = 600;
constexpr double kBytesOfSubscriber = 3'600;
// Of what is free: the run itself needs some.
constexpr double kShareOfMemory = 0.8;

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// "MemAvailable: 123 kB"
std::uint64_t free_memory_of_machine() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kibibytes = 0;
  for (std::string unit; file >> name >> kibibytes; std::getline(file, unit)) {
    if (name == "MemAvailable:") return kibibytes * 1024;
  }
  return kUnlimited;
}

std::uint64_t limit_of_group() {
  std::ifstream most("/sys/fs/cgroup/memory.max");
  std::ifstream now("/sys/fs/cgroup/memory.current");
  std::uint64_t bytes = 0;
  std::uint64_t used = 0;
  if (!(most >> bytes) || !(now >> used)) return kUnlimited;  // "max", or no group
  return bytes - std::min(bytes, used);
}

std::uint64_t limit_of_process() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  return limit.rlim_cur;
}

double gigabytes(double bytes) {
  return bytes / 1e9;
}

}  // namespace

Population population_of(const Scenario& scenario) {
  Population population;
  population.users = scenario.population.users;
  population.seed = scenario.population.seed;
  population.settings.defects.insert(scenario.defects.begin(), scenario.defects.end());
  if (!scenario.business.empty())
    population.settings.values = MergedTable::parts_of(scenario.business);
  return population;
}

std::optional<std::int64_t> senders_of(const Scenario& scenario, const std::string& request) {
  const RequestType* const type = find_request_type(request);
  if (type == nullptr || type->users == nullptr) return std::nullopt;
  return type->users(population_of(scenario));
}

std::uint64_t bytes_of_population(const Scenario& scenario) {
  if (scenario.architecture == kOwnArchitecture) return 0;
  const Population population = population_of(scenario);
  return static_cast<std::uint64_t>(kBytesOfUser * static_cast<double>(population.users) +
                                    kBytesOfSubscriber *
                                        static_cast<double>(subscribers(population)));
}

std::uint64_t memory_available() {
  return std::min({free_memory_of_machine(), limit_of_group(), limit_of_process()});
}

std::string too_large_a_population(const Scenario& scenario, std::uint64_t available) {
  const auto needed = static_cast<double>(bytes_of_population(scenario));
  const double room = static_cast<double>(available) * kShareOfMemory;
  if (needed <= room) return {};
  const double users = static_cast<double>(scenario.population.users) * room / needed;
  return fmt::format("{} users take some {:.2g} GB, and {:.2g} GB are free: {:.0f} fit",
                     scenario.population.users, gigabytes(needed),
                     gigabytes(static_cast<double>(available)), users * 0.99);
}

}  // namespace soundcheck
