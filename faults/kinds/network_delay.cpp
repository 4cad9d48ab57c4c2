#include "faults/kinds.hpp"
#include "faults/route_direction.hpp"

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

}  // namespace

const FaultDefinition& fault_kind::network_delay() {
  static const FaultDefinition kind{.name = "network.delay",
                                    .parameters = &NetworkDelaySettings::parameters(),
                                    .reach = Reach::kRoutes,
                                    .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
                                      return std::make_unique<NetworkDelayInjection>(site);
                                    }};
  return kind;
}

}  // namespace soundcheck
