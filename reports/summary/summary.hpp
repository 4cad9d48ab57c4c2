#pragma once

#include <cstddef>
#include <string>

#include "reports/verdict/run_report.hpp"

namespace soundcheck {

struct SummaryStyle {
  bool colour = false;  // only for a terminal, and not with NO_COLOR; marks stand beside it anyway
  std::size_t width = 100;
};

// Where the results are, and how to do it again. Not part of the report: paths differ by machine.
struct SummaryFooter {
  std::string results;  // "runs/payments-outage/7"; empty: nothing was written
  std::string replay;   // "soundcheck run scenarios/payments-outage.yaml --seed 7"
};

// What a run prints at its end, in the order in which somebody on call asks: the verdict in a
// sentence, the checks (failing first, with what was observed), sagas, requests before, during and
// after faults, invariants with their inconsistency windows, faults, where to look. The last line
// is the command that replays the run.
std::string summary_text(const RunReport& report, const SummaryStyle& style,
                         const SummaryFooter& footer);

}  // namespace soundcheck
