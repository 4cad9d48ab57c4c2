#include <deque>

#include "faults/kinds.hpp"

namespace soundcheck {
namespace {

struct ProcessCrashSettings {
  Duration restart = 5_s;
  static const ParameterTable<ProcessCrashSettings>& parameters() {
    static const auto table =
        ParameterTable<ProcessCrashSettings>(
            "process.crash",
            "A process is killed on a host that lives: its memory is gone, its connections are "
            "reset, new ones are refused until it is started again.")
            .optional("restart", &ProcessCrashSettings::restart,
                      "time until the process is started again");
    return table;
  }
};

class ProcessCrashInjection final : public Injection {
 public:
  explicit ProcessCrashInjection(const InjectionSite& site) {
    for (const ProcessId process : site.victims.processes) {
      processes_.emplace_back(site.outages, process);
    }
  }

 private:
  std::deque<ProcessDown> processes_;
};

}  // namespace

const FaultDefinition& fault_kind::process_crash() {
  static const FaultDefinition kind{
      .name = "process.crash",
      .parameters = &ProcessCrashSettings::parameters(),
      .reach = Reach::kProcesses,
      .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
        return std::make_unique<ProcessCrashInjection>(site);
      },
      .lasts =
          [](const Settings& settings) { return settings.as<ProcessCrashSettings>().restart; }};
  return kind;
}

}  // namespace soundcheck
