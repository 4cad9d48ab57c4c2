#include "reports/summary/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/ledger/ledger.hpp"
#include "reports/recorder/run_recorder.hpp"
#include "reports/text/quantities.hpp"
#include "reports/text/text_table.hpp"

namespace soundcheck {

Progress progress_of(const RunRecorder& recorder, const Ledger& ledger, Time now, Duration load) {
  return {.now = now,
          .load = load,
          .phase = std::string(recorder.phase()),
          .requests_ended = recorder.requests_ended(),
          .requests_open = recorder.windows().open(Work::kRequests),
          .sagas_open = ledger.open_sagas(),
          .faults_active = recorder.active_strikes()};
}

std::string progress_line(const Progress& progress, double speed, std::size_t width) {
  constexpr std::size_t kBar = 20;
  std::string line;
  const bool loading = progress.phase == "load" || progress.phase.empty();
  if (loading && progress.load > Duration()) {
    const double share =
        std::clamp(progress.now.in_seconds() / progress.load.in_seconds(), 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(share * kBar);
    line = fmt::format("[{}{}] {:3.0f} %  t = {} of {}", std::string(filled, '='),
                       std::string(kBar - filled, ' '), share * 100,
                       short_text(progress.now.since_start()), short_text(progress.load));
  } else {
    line = fmt::format("{}  t = {}", progress.phase, short_text(progress.now.since_start()));
  }
  if (speed > 0) line += fmt::format("  {:.3g}x", speed);
  line += fmt::format("  {}, {} open", counted(progress.requests_ended, "request", "requests"),
                      count_text(progress.requests_open));
  line += fmt::format("  {} open", counted(progress.sagas_open, "saga", "sagas"));
  if (progress.faults_active > 0)
    line += fmt::format("  {} active", counted(progress.faults_active, "fault", "faults"));
  return shorten(line, width);
}

}  // namespace soundcheck
