#include "faults/kinds.hpp"
#include "faults/route_direction.hpp"
#include "faults/sampling.hpp"

namespace soundcheck {
namespace {

struct NetworkDelaySettings {
  Distribution delay;
  RouteDirection direction = RouteDirection::kForward;
  static const ParameterTable<NetworkDelaySettings>& parameters() {
    static const auto table =
        ParameterTable<NetworkDelaySettings>(
            "network.delay",
            "Messages take longer on their way, as with `tc netem delay`: each is held back for a "
            "time of its own, and none is lost.")
            .required("delay", &NetworkDelaySettings::delay, "time added, drawn for each message")
            .optional("direction", &NetworkDelaySettings::direction, "which messages");
    return table;
  }
};

class NetworkDelayInjection final : public Injection {
 public:
  explicit NetworkDelayInjection(const InjectionSite& site)
      : random_(site.random),
        delay_(site.settings.as<NetworkDelaySettings>().delay),
        rule_(site.world.network(), make_rule(site)) {}

  std::uint64_t effects() const override { return rule_.messages(); }

 private:
  NetworkRule make_rule(const InjectionSite& site) {
    NetworkRule rule = rule_for_route(site.world, site.victims,
                                      site.settings.as<NetworkDelaySettings>().direction);
    rule.extra_delay = [this] { return delay_.sample(random_); };
    return rule;
  }

  RandomStream random_;
  Distribution delay_;
  RuleInForce rule_;
};

Settings sample_delay(RandomStream& random) {
  Settings settings(NetworkDelaySettings::parameters());
  auto& drawn = settings.edit<NetworkDelaySettings>();
  const Duration mean = sample_duration(random, 1_ms, 2_s);
  drawn.delay = random.chance(0.5) ? Distribution::constant(mean) : Distribution::exponential(mean);
  drawn.direction = sample_direction(random);
  return settings;
}

}  // namespace

const FaultDefinition& fault_kind::network_delay() {
  static const FaultDefinition kind{.name = "network.delay",
                                    .parameters = &NetworkDelaySettings::parameters(),
                                    .reach = Reach::kRoutes,
                                    .may_break = Guarantees::none(),
                                    .verdicts = VerdictSet(Verdict::Action::kPass),
                                    .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
                                      return std::make_unique<NetworkDelayInjection>(site);
                                    },
                                    .sample = sample_delay};
  return kind;
}

}  // namespace soundcheck
