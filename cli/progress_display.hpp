#pragma once

#include <chrono>

#include "scenarios/assembly/run.hpp"

namespace soundcheck::cli {

class Console;

// The line on a terminal that tells how far a run is; it vanishes at the end. Shows nothing when
// nobody looks.
class ProgressDisplay {
 public:
  ProgressDisplay(Console& console, bool wanted);
  ~ProgressDisplay() { clear(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void show(const Progress& progress);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  Console& console_;
  bool wanted_;
  bool visible_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point drawn_;
};

}  // namespace soundcheck::cli
