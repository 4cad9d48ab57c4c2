#pragma once

#include <chrono>
#include <string>

#include "reports/output/writer.hpp"

namespace soundcheck::cli {

// What a run costs on this machine, which no result may depend on.
class WallClock {
 public:
  std::string folder_stamp() const;  // local time, "20260711-101502"
  MachineFacts facts(std::string replay) const;

 private:
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point from_ = std::chrono::steady_clock::now();
};

}  // namespace soundcheck::cli
