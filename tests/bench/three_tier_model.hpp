#pragma once

#include <array>
#include <cstdint>

namespace soundcheck::bench {

// The 3-tier model, the same in every program here: client -> gateway -> s1 -> s2 and back.
// A replica is a first-in-first-out station with `kThreads` servers. A thread is held for the
// deterministic service time only, not while the tiers below work, and a reply needs no thread.
struct Tier {
  int replicas;
  std::int64_t service_nanoseconds;
};

inline constexpr std::array<Tier, 3> kTiers{{{2, 4'000'000}, {4, 40'000'000}, {2, 8'000'000}}};
inline constexpr int kThreads = 4;
inline constexpr std::int64_t kHopNanoseconds = 100'000;  // one message, request or reply
inline constexpr std::int64_t kDefaultIntervalNanoseconds = 5'000'000;
inline constexpr std::int64_t kDefaultRequests = 1'000'000;

// The replica that serves a request at a tier: uniform, and a pure function of the request, so two
// programs agree request by request in whatever order they draw. Mixing: splitmix64 (Steele, Lea,
// Flood 2014).
inline int replica_for(std::int64_t request, int tier) {
  std::uint64_t bits =
      (static_cast<std::uint64_t>(request) * kTiers.size() + static_cast<std::uint64_t>(tier) + 1) *
      0x9e3779b97f4a7c15;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  bits ^= bits >> 31;
  const auto replicas = static_cast<std::uint64_t>(kTiers[static_cast<std::size_t>(tier)].replicas);
  return static_cast<int>(bits % replicas);
}

}  // namespace soundcheck::bench
