#include "reports/output/writer.hpp"
#include "reports/summary/summary.hpp"

namespace soundcheck {

Writer summary_txt_writer() {
  return {.file = "summary.txt",
          .help = "what the run printed at its end",
          .text = [](const EndedRun& run) {
            return summary_text(run.report, {}, {.replay = run.machine.replay});
          }};
}

}  // namespace soundcheck
