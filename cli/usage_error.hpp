#pragma once

#include <stdexcept>
#include <string>

namespace soundcheck::cli {

// The command line is wrong: a sentence without a full stop, and what to type instead.
struct UsageError : std::runtime_error {
  explicit UsageError(const std::string& sentence, std::string what_to_do = {})
      : std::runtime_error(sentence), hint(std::move(what_to_do)) {}
  std::string hint;
};

}  // namespace soundcheck::cli
