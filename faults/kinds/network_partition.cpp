#include "faults/kinds.hpp"
#include "faults/route_direction.hpp"

namespace soundcheck {
namespace {

struct NetworkPartitionSettings {
  RouteDirection direction = RouteDirection::kBoth;
  static const ParameterTable<NetworkPartitionSettings>& parameters() {
    static const auto table =
        ParameterTable<NetworkPartitionSettings>(
            "network.partition",
            "Messages vanish without a word. TCP sends them again, so what still stands when the "
            "partition heals goes on; callers that lost patience before have seen a timeout.")
            .optional("direction", &NetworkPartitionSettings::direction, "which messages");
    return table;
  }
};

class NetworkPartitionInjection final : public Injection {
 public:
  explicit NetworkPartitionInjection(const InjectionSite& site)
      : rule_(site.world.network(), make_rule(site)) {}

  std::uint64_t effects() const override { return rule_.messages(); }

 private:
  static NetworkRule make_rule(const InjectionSite& site) {
    NetworkRule rule = rule_for_route(site.world, site.victims,
                                      site.settings.as<NetworkPartitionSettings>().direction);
    rule.cut = true;
    return rule;
  }

  RuleInForce rule_;
};

Settings sample_partition(RandomStream& random) {
  Settings settings(NetworkPartitionSettings::parameters());
  settings.edit<NetworkPartitionSettings>().direction = sample_direction(random);
  return settings;
}

}  // namespace

const FaultDefinition& fault_kind::network_partition() {
  static const FaultDefinition kind{.name = "network.partition",
                                    .parameters = &NetworkPartitionSettings::parameters(),
                                    .reach = Reach::kRoutes,
                                    .may_break = Guarantees::none(),
                                    .verdicts = VerdictSet(Verdict::Action::kPass),
                                    .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
                                      return std::make_unique<NetworkPartitionInjection>(site);
                                    },
                                    .sample = sample_partition};
  return kind;
}

}  // namespace soundcheck
