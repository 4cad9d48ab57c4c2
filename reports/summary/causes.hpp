#pragma once

#include "reports/text/text_table.hpp"
#include "reports/verdict/run_report.hpp"

namespace soundcheck {

// What stands behind the numbers of a run, as tables of a few rows; empty when there is nothing to
// tell.
TextTable task_work_table(const RunReport& report);  // of scripted workers
TextTable resources_table(const RunReport& report);  // the busiest
TextTable errors_table(
    const RunReport& report);  // requests and calls that failed or were tried again
TextTable failures_table(const RunReport& report);  // why workflows and their tasks failed

}  // namespace soundcheck
