#pragma once

#include <string>

#include "reports/recorder/run_recorder.hpp"

namespace soundcheck {

// series.csv: the run over time, one line for each step and row: `run`, each request type, each
// service that did something. The first line names the columns and their units; a field that does
// not apply is empty. Steps in which nothing happened are left out; a long run has wider steps
// (column step_s), see Series.
std::string series_csv(const RunRecorder& recorder);

}  // namespace soundcheck
