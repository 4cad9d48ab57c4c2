#pragma once

#include <fmt/core.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace soundcheck::bench {

// What every benchmark program prints: one line of JSON (README.md describes the fields).
struct ResultLine {
  std::string_view benchmark;    // the model, e.g. "three-tier"
  std::string_view subject;      // who runs it, e.g. "heap"
  std::string_view unit;         // what is counted, e.g. "request"
  std::int64_t count = 0;        // how many units were completed
  double wall_seconds = 0;       // from before the first unit to after the last one
  double mean_response_ms = -1;  // simulated; negative where a unit has no response time
};

// Wall clock of the measurement; nothing in the simulated models sees it.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Peak resident memory of this process. Not getrusage's ru_maxrss: that one starts at the peak of
// the process that launched us.
inline std::int64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    std::int64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

inline void print(const ResultLine& line) {
  const double each = line.wall_seconds / static_cast<double>(line.count);
  fmt::print(R"({{"benchmark": "{}", "subject": "{}", "unit": "{}", "count": {}, )", line.benchmark,
             line.subject, line.unit, line.count);
  fmt::print(R"("wall_seconds": {:.6f}, "per_second": {:.1f}, "nanoseconds_each": {:.2f}, )",
             line.wall_seconds, 1 / each, each * 1e9);
  if (line.mean_response_ms >= 0) {
    fmt::print(R"("mean_response_ms": {:.6f}, )", line.mean_response_ms);
  }
  fmt::print("\"peak_memory_bytes\": {}}}\n", peak_memory_bytes());
  std::fflush(stdout);
}

}  // namespace soundcheck::bench
