#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"

namespace soundcheck {

// A fault that changed nothing was no rehearsal: what held says nothing about it. One that strikes
// by chance may have had no luck.
std::vector<Check> check_faults(const RunReport& report) {
  std::vector<Check> checks;
  for (const FaultReport& fault : report.faults) {
    const FaultRecord& record = fault.record;
    const bool unlucky = fault.fact.hits_by_chance || (fault.fact.by_chance && record.strikes == 0);
    if (record.effective > 0 || fault.fact.may_miss || unlucky) continue;
    checks.push_back({.kind = Check::Kind::kFault,
                      .expectation = fault.label() + " has an effect",
                      .observed = record.strikes == 0
                                      ? "it never struck"
                                      : counted(record.strikes, "strike", "strikes") +
                                            ", and nothing was different"});
  }
  return checks;
}

}  // namespace soundcheck
