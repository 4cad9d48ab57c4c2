#include <algorithm>
#include <deque>

#include "faults/kinds.hpp"
#include "faults/sampling.hpp"

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

  std::uint64_t effects() const override {
    return static_cast<std::uint64_t>(std::ranges::count_if(processes_, &ProcessDown::has_effect));
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
      .may_break = Guarantees::none(),
      .verdicts = VerdictSet(Verdict::Action::kCrash),
      .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
        return std::make_unique<ProcessCrashInjection>(site);
      },
      .lasts = [](const Settings& settings) { return settings.as<ProcessCrashSettings>().restart; },
      .sample =
          [](RandomStream& random) {
            Settings settings(ProcessCrashSettings::parameters());
            settings.edit<ProcessCrashSettings>().restart = sample_duration(random, 100_ms, 1_min);
            return settings;
          }};
  return kind;
}

}  // namespace soundcheck
