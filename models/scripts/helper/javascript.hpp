#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "models/scripts/helper/script_result.hpp"

namespace soundcheck::scripts {

// JavaScript by SpiderMonkey 102, interpreted: ECMAScript 2022. Each script sees a world of its
// own, with the parsed input as `$`, and gives its completion value. There is no clock, no
// randomness and no locale; maps and lists of the input also answer Java's get(), size(), ...,
// as those of Conductor's GraalJS do.
class JavascriptEngine {
 public:
  // To be called once a process. `most_bytes` is the heap's limit.
  explicit JavascriptEngine(std::size_t most_bytes);
  ~JavascriptEngine();
  JavascriptEngine(const JavascriptEngine&) = delete;
  JavascriptEngine& operator=(const JavascriptEngine&) = delete;

  // Comes to a limit when the heap is full, or when stop_script() was called meanwhile.
  ScriptResult run(const std::string& script, const std::string& input);

  // Ends the script that is running, if any, at its next step. From any thread.
  void stop_script();

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace soundcheck::scripts
