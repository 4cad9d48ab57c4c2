#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/core/time.hpp"

namespace soundcheck {

class Ledger;
class RunRecorder;

// How far a run is. Everything but the rate is known here; the rate needs the machine's clock,
// which only the command line has.
struct Progress {
  Time now;
  Duration load;      // how long load will last; zero: unknown
  std::string phase;  // "load", "settle", "rest"
  std::uint64_t requests_ended = 0;
  std::uint64_t requests_open = 0;
  std::uint64_t sagas_open = 0;
  std::uint32_t faults_active = 0;
};
Progress progress_of(const RunRecorder& recorder, const Ledger& ledger, Time now, Duration load);

// One line for a terminal, at most `width` columns:
//   [=========           ]  45 %  t = 4m31s of 10m00s  240x  108 400 requests, 12 open  37 sagas
//   open
// `speed`: simulated seconds for one second of the machine; 0 leaves it out.
std::string progress_line(const Progress& progress, double speed, std::size_t width = 100);

}  // namespace soundcheck
