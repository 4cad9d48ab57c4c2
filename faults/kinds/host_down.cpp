#include <algorithm>
#include <deque>

#include "faults/kinds.hpp"

namespace soundcheck {
namespace {

struct HostDownSettings {
  static const ParameterTable<HostDownSettings>& parameters() {
    static const auto table = ParameterTable<HostDownSettings>(
        "host.down",
        "Power cut: a host with all its processes vanishes without a word; calls to it run into "
        "their timeouts. When the power is back its processes start again.");
    return table;
  }
};

class HostDownInjection final : public Injection {
 public:
  explicit HostDownInjection(const InjectionSite& site) {
    for (const HostId host : site.victims.hosts) hosts_.emplace_back(site.outages, host);
  }

  std::uint64_t effects() const override {
    return static_cast<std::uint64_t>(std::ranges::count_if(hosts_, &HostOff::has_effect));
  }

 private:
  std::deque<HostOff> hosts_;
};

}  // namespace

const FaultDefinition& fault_kind::host_down() {
  static const FaultDefinition kind{
      .name = "host.down",
      .parameters = &HostDownSettings::parameters(),
      .reach = Reach::kHosts,
      .may_break = Guarantees::none(),
      .verdicts = VerdictSet(Verdict::Action::kCrash),
      .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
        return std::make_unique<HostDownInjection>(site);
      },
      .sample = [](RandomStream&) { return Settings(HostDownSettings::parameters()); }};
  return kind;
}

}  // namespace soundcheck
