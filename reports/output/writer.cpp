#include "reports/output/writer.hpp"

#include <algorithm>
#include <array>

#include "sim/core/assert.hpp"

namespace soundcheck {

#define SOUNDCHECK_WRITER(function, file) Writer function##_writer();
#include "reports/writers.def"
#undef SOUNDCHECK_WRITER

std::span<const Writer> writers() {
  static const std::array kWriters{
#define SOUNDCHECK_WRITER(function, file) function##_writer(),
#include "reports/writers.def"
#undef SOUNDCHECK_WRITER
  };
  return kWriters;
}

const Writer& writer_of(std::string_view file) {
  const auto found = std::ranges::find(writers(), file, &Writer::file);
  SOUNDCHECK_ASSERT(found != writers().end(), "there is no writer of {}", file);
  return *found;
}

}  // namespace soundcheck
