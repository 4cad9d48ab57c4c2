#include "cli/progress_display.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "cli/console.hpp"
#include "cli/layout.hpp"
#include "reports/summary/progress.hpp"

namespace soundcheck::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};

// A line that is drawn again must not break, whatever COLUMNS says.
std::size_t line_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return error_width();
  return std::min<std::size_t>(error_width(), size.ws_col - 1U);
}

}  // namespace

ProgressDisplay::ProgressDisplay(Console& console, bool wanted)
    : console_(console), wanted_(wanted && console.errors_reach_a_person()) {}

void ProgressDisplay::show(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (!wanted_ || (visible_ && now - drawn_ < kBetweenDrawings)) return;
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  const double speed = elapsed > 0 ? progress.now.since_start().in_seconds() / elapsed : 0;
  console_.say("\r\x1b[K" + progress_line(progress, speed, line_width()));
  visible_ = true;
  drawn_ = now;
}

void ProgressDisplay::clear() {
  if (visible_) console_.say("\r\x1b[K");
  visible_ = false;
}

}  // namespace soundcheck::cli
