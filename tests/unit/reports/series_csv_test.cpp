#include <gtest/gtest.h>

#include "tests/unit/reports/judged_run.hpp"

namespace soundcheck {
namespace {

TEST(SeriesCsv, HasTheSameColumnsInEachLine) {
  RunDriver run;
  run.request(500_ms, "say \"hi\", twice", 10_ms);
  run.emit(600_ms, HandlerEnded{.callee = RunDriver::kPayments, .worked = 250_ms});
  run.request(1'500_ms, "say \"hi\", twice", 10_ms, RequestOutcome::kFailed);
  run.recorder.finish(Time::at(2_s));
  const std::string csv = written("series.csv", run, RunReport());
  std::size_t lines = 0;
  std::size_t start = 0;
  while (start < csv.size()) {
    const std::size_t end = csv.find('\n', start);
    std::size_t commas = 0;
    bool quoted = false;
    for (std::size_t i = start; i < end; ++i) {
      if (csv[i] == '"') quoted = !quoted;
      if (csv[i] == ',' && !quoted) ++commas;
    }
    EXPECT_EQ(commas, 21U) << csv.substr(start, end - start);
    ++lines;
    start = end + 1;
  }
  EXPECT_EQ(lines, 1U + 2 * 3);
  EXPECT_NE(csv.find("\n0,1,request,\"say \"\"hi\"\", twice\",1,1,0,0,10,10,10,10,"),
            std::string::npos)
      << csv;
  EXPECT_NE(csv.find("\n0,1,service,payments,,,0,,,,,,1,0,0,0,0.25,0,0,"), std::string::npos)
      << csv;
}

}  // namespace
}  // namespace soundcheck
