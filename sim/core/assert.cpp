#include "sim/core/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace soundcheck {

void assertion_failed(const char* file, int line, const char* condition, const std::string& text) {
  std::fprintf(stderr, "soundcheck: internal error at %s:%d: %s (expected: %s)\n", file, line,
               text.c_str(), condition);
  std::fflush(stderr);
  std::_Exit(70);
}

}  // namespace soundcheck
