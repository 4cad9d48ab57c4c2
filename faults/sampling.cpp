#include "faults/sampling.hpp"

#include <algorithm>

#include "faults/fault_problems.hpp"
#include "sim/core/assert.hpp"
#include "sim/core/math.hpp"

namespace soundcheck {
namespace {

template <class T>
const T& pick(RandomStream& random, const std::vector<T>& choices) {
  return choices[random.below(choices.size())];
}

bool is_there(const FaultSpace& space, TargetForm form) {
  switch (form) {
    case TargetForm::kService:
      return !space.services.empty();
    case TargetForm::kDatabase:
      return !space.databases.empty();
    case TargetForm::kHost:
      return !space.hosts.empty();
    case TargetForm::kZone:
      return !space.zones.empty();
    case TargetForm::kRegion:
      return !space.regions.empty();
    case TargetForm::kRoute:
      return space.services.size() > 1;
  }
  return false;
}

// A minority of two is nobody, and who is aimed at is involved.
ReplicaRole sample_role(std::uint32_t replicas, bool aimed, RandomStream& random) {
  using enum ReplicaRole::Kind;
  std::vector<ReplicaRole::Kind> roles{kAll, kAny, kOne, kMajority};
  if (replicas > 2) roles.push_back(kMinority);
  if (aimed) roles.push_back(kInvolved);
  return {pick(random, roles)};
}

FaultTarget sample_target(const FaultDefinition& kind, const FaultSpace& space, bool aimed,
                          RandomStream& random) {
  std::vector<TargetForm> forms;
  for (const TargetForm form : targets_of(kind.reach)) {
    if (is_there(space, form)) forms.push_back(form);
  }
  SOUNDCHECK_ASSERT(!forms.empty(), "nothing that {} could strike", kind.name);
  FaultTarget target;
  switch (pick(random, forms)) {
    case TargetForm::kService: {
      const FaultSpace::Service& service = pick(random, space.services);
      target.service = service.name;
      target.replica = sample_role(service.replicas, aimed, random);
      break;
    }
    case TargetForm::kDatabase:
      target.database = pick(random, space.databases);
      target.replica = sample_role(1, false, random);
      break;
    case TargetForm::kHost:
      target.host = pick(random, space.hosts);
      break;
    case TargetForm::kZone:
      target.zone = pick(random, space.zones);
      break;
    case TargetForm::kRegion:
      target.region = pick(random, space.regions);
      break;
    case TargetForm::kRoute: {
      const std::uint64_t from = random.below(space.services.size());
      const std::uint64_t others = random.below(space.services.size() - 1);
      target.from = space.services[from].name;
      if (random.chance(0.7)) target.to = space.services[others + (others < from ? 0 : 1)].name;
      break;
    }
  }
  return target;
}

FaultAim sample_aim(const FaultDefinition& kind, const FaultSpace& space, RandomStream& random) {
  FaultAim aim;
  if (!space.steps.empty() && random.chance(0.8)) {
    const auto& [saga, step] = pick(random, space.steps);
    aim.saga = saga;
    aim.step = step;
  }
  std::vector<AimPoint> points;
  for (const AimPhase& phase : aim_phases()) {
    if (kind.can_strike_at(phase.point.failpoint)) points.push_back(phase.point);
  }
  if (!points.empty() && random.chance(0.8)) aim.phase = pick(random, points);
  aim.chance = Probability::percent(1 + static_cast<double>(random.below(50)));
  aim.occurrences = 1 + random.below(5);
  return aim;
}

}  // namespace

FaultSpec sample_fault(const FaultDefinition& kind, const FaultSpace& space, RandomStream& random) {
  FaultSpec spec;
  spec.kind = kind.name;
  spec.settings = kind.sample(random);
  const Duration length = std::max(space.length, 1_s);
  switch (random.below(3)) {
    case 0:
      spec.at = Duration::nanoseconds(static_cast<std::int64_t>(
          random.below(static_cast<std::uint64_t>(length.count()) * 4 / 5 + 1)));
      break;
    case 1:
      spec.every = Distribution::exponential(sample_duration(random, length / 20, length / 2));
      break;
    default:
      spec.when = sample_aim(kind, space, random);
  }
  const bool over_at_once = spec.when && kind.verdict != nullptr;
  if (kind.lasts == nullptr && !over_at_once)
    spec.lasts = sample_duration(random, length / 100, length / 4);
  spec.target = sample_target(kind, space, spec.when.has_value(), random);
  SOUNDCHECK_ASSERT(problems_of(spec, kind).empty(), "a random {} is wrong: {}", kind.name,
                    problems_of(spec, kind).front().sentence);
  return spec;
}

Duration sample_duration(RandomStream& random, Duration shortest, Duration longest) {
  const double ratio = longest.in_seconds() / shortest.in_seconds();
  return shortest * deterministic_pow(ratio, random.uniform());
}

}  // namespace soundcheck
