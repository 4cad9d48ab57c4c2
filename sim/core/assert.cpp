#include "sim/core/assert.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "sim/core/last_words.hpp"

namespace soundcheck {
namespace {

LastWords& last_words() {
  static LastWords words;
  return words;
}

}  // namespace

void set_last_words(LastWords words) {
  last_words() = std::move(words);
}

void program_is_broken(const std::string& mistake) {
  std::fprintf(stderr, "soundcheck: %s\n", mistake.c_str());
  std::fflush(stderr);
  const LastWords words = std::exchange(last_words(), {});  // whatever fails in them fails alone
  if (words) words(mistake);
  std::_Exit(70);
}

void assertion_failed(const char* file, int line, const char* condition, const std::string& text) {
  program_is_broken(
      fmt::format("internal error at {}:{}: {} (expected: {})", file, line, text, condition));
}

}  // namespace soundcheck
