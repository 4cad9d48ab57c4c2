#pragma once

#include <string>

#include "models/scripts/script_wire.hpp"

namespace soundcheck::scripts {

struct ScriptResult {
  ScriptEnd end = ScriptEnd::kLimit;
  std::string text;  // of a value as JSON, of an error as a sentence

  static ScriptResult value(std::string json) { return {ScriptEnd::kValue, std::move(json)}; }
  static ScriptResult error(std::string sentence) {
    return {ScriptEnd::kError, std::move(sentence)};
  }
  static ScriptResult at_limit() { return {}; }
};

}  // namespace soundcheck::scripts
