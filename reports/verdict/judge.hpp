#pragma once

#include "reports/checkers/invariant_checker.hpp"
#include "reports/ledger/ledger.hpp"
#include "reports/recorder/run_recorder.hpp"
#include "reports/verdict/expectations.hpp"
#include "reports/verdict/run_report.hpp"

namespace soundcheck {

// Puts together what was recorded and judges it, unless the run was aborted. Call it at rest, after
// recorder.finish() and checker.check_at_rest(). `checker` and `observer` may be null: a world
// without databases.
RunReport judge(const RunRecorder& recorder, const Ledger& ledger, const InvariantChecker* checker,
                Observer* observer, const Expectations& expectations, RunFacts facts);

// The parts of it, for those who judge something else than a whole run.
std::vector<Check> check_invariants(const RunReport& report, const Expectations& expectations);
std::vector<Check> check_sagas(const RunReport& report, const RunRecorder& recorder,
                               const Expectations& expectations);
std::vector<Check> check_workflows(const RunReport& report, const RunRecorder& recorder,
                                   const Expectations& expectations);
std::vector<Check> check_task_work(const RunReport& report, const Expectations& expectations);
std::vector<Check> check_objectives(const RunRecorder& recorder, const Expectations& expectations);
std::vector<Check> check_recovery(const RunReport& report, const Expectations& expectations);
// Nothing, if enough of what was asked succeeded: a run in which nothing works cannot pass.
std::vector<Check> check_work(const RunReport& report, const Expectations& expectations);
// Of each fault of which no strike had an effect.
std::vector<Check> check_faults(const RunReport& report);
std::vector<Check> check_endless(const RunReport& report);
// "FAIL: 2 sagas inconsistent, first at t = 131.204 s, 11.2 s after F1 (process.crash payments)."
std::string verdict_sentence(const RunReport& report);

}  // namespace soundcheck
