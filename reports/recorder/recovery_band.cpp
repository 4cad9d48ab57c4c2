#include "reports/recorder/recovery_band.hpp"

#include <cmath>

namespace soundcheck {

void RecoveryBand::learn(std::span<const RequestTally> calm) {
  std::uint64_t ok = 0;
  std::uint64_t ended = 0;
  double latency = 0;
  slow_.assign(calm.size(), Duration::max());
  for (std::size_t type = 0; type < calm.size(); ++type) {
    const RequestTally& tally = calm[type];
    ok += tally.ok;
    ended += tally.ended();
    latency += tally.latency.mean().in_seconds() * static_cast<double>(tally.ok);
    if (tally.ok >= kFewestRequests)
      slow_[type] = Duration::from_seconds(tally.latency.quantile(0.99).in_seconds() * 1.25);
  }
  known_ = ended >= kFewestRequests && ok > 0;
  if (!known_) return;
  failure_share_ = static_cast<double>(ended - ok) / static_cast<double>(ended);
  mean_latency_ = latency / static_cast<double>(ok);
}

SecondVerdict RecoveryBand::judge(const SecondOfRequests& second, std::uint64_t open) const {
  const double waiting = static_cast<double>(second.started) * mean_latency_ * 1.5;
  if (static_cast<double>(open) > waiting + 3 * std::sqrt(waiting) + 2)
    return SecondVerdict::kDisturbed;
  if (second.ended == 0) return SecondVerdict::kQuiet;
  const auto ended = static_cast<double>(second.ended);
  const double failures = failure_share_ * ended;
  const double failure_room = 3 * std::sqrt(failures * (1 - failure_share_)) + 0.01 * ended;
  if (static_cast<double>(second.not_ok) > failures + failure_room)
    return SecondVerdict::kDisturbed;
  const double slow = 0.01 * ended;
  if (static_cast<double>(second.slow) > slow + 3 * std::sqrt(slow) + 1)
    return SecondVerdict::kDisturbed;
  return SecondVerdict::kNormal;
}

}  // namespace soundcheck
