#pragma once

#include "reports/checkers/invariant_checker.hpp"
#include "reports/ledger/ledger.hpp"
#include "reports/recorder/run_recorder.hpp"
#include "reports/verdict/run_report.hpp"

namespace soundcheck {

// What was recorded, as the values of a report: no judgement yet.
void collect_work(const RunRecorder& recorder, RunReport& report);
void collect_faults(const RunRecorder& recorder, RunReport& report);
void collect_services(const RunRecorder& recorder, RunReport& report);
// After the services: resources, and which of them is the bottleneck.
void collect_resources(const RunRecorder& recorder, RunReport& report);
// `checker` may be null.
void collect_sagas(const RunRecorder& recorder, const LedgerBalance& balance,
                   const InvariantChecker* checker, RunReport& report);
void collect_workflows(const RunRecorder& recorder, RunReport& report);
// From world.executions, if there is one.
void collect_effects(Observer* observer, RunReport& report);
void collect_invariants(const InvariantChecker& checker, RunReport& report);

}  // namespace soundcheck
