#include <gtest/gtest.h>

#include "reports/summary/progress.hpp"
#include "tests/unit/reports/run_driver.hpp"

namespace soundcheck {
namespace {

TEST(Progress, IsOneLine) {
  RunDriver run;
  run.phase(0_s, "load");
  run.request(1_s, "subscribe", 10_ms);
  run.start(2_s, "subscribe");
  run.saga(2_s, 7);
  const Progress progress = progress_of(run.recorder, run.ledger, Time::at(15_s), 60_s);
  EXPECT_EQ(progress_line(progress, 240),
            "[=====               ]  25 %  t = 15.0 s of 60.0 s  240x  1 request, 1 open  "
            "1 saga open");
}

}  // namespace
}  // namespace soundcheck
