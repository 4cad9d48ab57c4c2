#pragma once

#include <map>
#include <memory>
#include <string>

#include "models/scripts/helper/script_result.hpp"

namespace soundcheck::scripts {

// jq filters (libjq). To compile one takes libjq 1.6 tens of milliseconds, so it is done once.
// `now`, `env`, `$ENV` and further input are not there, local time is UTC.
class JqFilters {
 public:
  JqFilters();
  ~JqFilters();

  // Runs a filter over `input`, a JSON text, and returns the list of all it yields as JSON text.
  // A filter that yields for ever never returns.
  ScriptResult run(const std::string& filter, const std::string& input);

 private:
  struct Compiled;

  // Null with the reason in `error` when it is no jq.
  Compiled* compiled(const std::string& filter, std::string& error);

  std::map<std::string, std::unique_ptr<Compiled>> compiled_;
};

}  // namespace soundcheck::scripts
