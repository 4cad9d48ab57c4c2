#include <algorithm>
#include <deque>

#include "faults/kinds.hpp"

namespace soundcheck {
namespace {

struct ProcessPauseSettings {
  static const ParameterTable<ProcessPauseSettings>& parameters() {
    static const auto table = ParameterTable<ProcessPauseSettings>(
        "process.pause",
        "A process stops where it is (SIGSTOP, a long garbage collection) and goes on later as if "
        "nothing had been: its kernel still accepts connections and acknowledges requests, nobody "
        "works on them. Callers run into their timeouts, a database keeps its locks, and timers "
        "that came due meanwhile fire at once when it goes on.");
    return table;
  }
};

class ProcessPauseInjection final : public Injection {
 public:
  explicit ProcessPauseInjection(const InjectionSite& site) {
    for (const ProcessId process : site.victims.processes) {
      processes_.emplace_back(site.outages, process);
    }
  }

  std::uint64_t effects() const override {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(processes_, &PausedProcess::has_effect));
  }

 private:
  std::deque<PausedProcess> processes_;
};

}  // namespace

const FaultDefinition& fault_kind::process_pause() {
  static const FaultDefinition kind{
      .name = "process.pause",
      .parameters = &ProcessPauseSettings::parameters(),
      .reach = Reach::kProcesses,
      .may_break = Guarantees::none(),
      .verdicts = VerdictSet(Verdict::Action::kPass),
      .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
        return std::make_unique<ProcessPauseInjection>(site);
      },
      .sample = [](RandomStream&) { return Settings(ProcessPauseSettings::parameters()); }};
  return kind;
}

}  // namespace soundcheck
