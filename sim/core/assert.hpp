#pragma once

#include <fmt/format.h>

#include <string>

namespace soundcheck {

// Ends the program with exit code 70 ("the simulator itself is broken") and one line of text on
// stderr.
[[noreturn]] void assertion_failed(const char* file, int line, const char* condition,
                                   const std::string& text);

}  // namespace soundcheck

// States what must hold in our own code, in every build type. Mistakes of users and failures of the
// simulated world are never asserted: see docs/style.md.
#define SOUNDCHECK_ASSERT(condition, ...)            \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::soundcheck::assertion_failed(__FILE__, __LINE__, #condition, fmt::format(__VA_ARGS__)))
