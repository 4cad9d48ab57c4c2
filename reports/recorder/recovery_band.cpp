#include "reports/recorder/recovery_band.hpp"

#include <cmath>

namespace soundcheck {

void RecoveryBand::learn(std::span<const WorkTally> calm) {
  std::uint64_t ok = 0;
  std::uint64_t ended = 0;
  double latency = 0;
  slow_.assign(calm.size(), Duration::max());
  for (std::size_t type = 0; type < calm.size(); ++type) {
    const WorkTally& tally = calm[type];
    ok += tally.ok;
    ended += tally.ended();
    latency += tally.latency.mean().in_seconds() * static_cast<double>(tally.ok);
    if (tally.ok >= kFewest)
      slow_[type] = Duration::from_seconds(tally.latency.quantile(0.99).in_seconds() * 1.25);
  }
  any_succeeded_ = ok > 0;
  known_ = ended >= kFewest && any_succeeded_;
  if (!known_) return;
  failure_share_ = static_cast<double>(ended - ok) / static_cast<double>(ended);
  mean_latency_ = latency / static_cast<double>(ok);
}

SecondVerdict RecoveryBand::judge(const SecondOfWork& second, std::uint64_t open) const {
  if (!known_) return SecondVerdict::kQuiet;
  const double waiting = static_cast<double>(second.started) * mean_latency_ * 1.5;
  const double by_arrivals = waiting + 3 * std::sqrt(waiting) + 2;
  const double by_custom = static_cast<double>(most_open_) * 1.25;
  if (static_cast<double>(open) > std::max(by_arrivals, by_custom))
    return SecondVerdict::kDisturbed;
  if (second.ended == 0) return SecondVerdict::kQuiet;
  return disturbs(second) ? SecondVerdict::kDisturbed : SecondVerdict::kNormal;
}

bool RecoveryBand::disturbs(const SecondOfWork& work) const {
  if (!known_) return false;
  const auto ended = static_cast<double>(work.ended);
  const double failures = failure_share_ * ended;
  const double failure_room = 3 * std::sqrt(failures * (1 - failure_share_)) + 0.01 * ended;
  if (static_cast<double>(work.not_ok) > failures + failure_room) return true;
  const double slow = 0.01 * ended;
  return static_cast<double>(work.slow) > slow + 3 * std::sqrt(slow) + 1;
}

}  // namespace soundcheck
