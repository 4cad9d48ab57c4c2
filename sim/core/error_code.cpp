#include "sim/core/error_code.hpp"

#include <array>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

struct CodeFacts {
  std::string_view name;
  int http_status;
  bool definite;
  bool rejection;
};

constexpr std::array<CodeFacts, kErrorCodeCount> kCodes{{
#define SOUNDCHECK_ERROR_CODE(constant, name, http_status, definite, rejection) \
  {name, http_status, definite, rejection},
#include "sim/core/error_codes.def"
#undef SOUNDCHECK_ERROR_CODE
}};

const CodeFacts& facts_of(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code);
  SOUNDCHECK_ASSERT(index < kErrorCodeCount, "there is no error code {}", index);
  return kCodes[index];
}

}  // namespace

std::string_view name_of(ErrorCode code) {
  return facts_of(code).name;
}
int http_status_of(ErrorCode code) {
  return facts_of(code).http_status;
}
bool definite_by_nature(ErrorCode code) {
  return facts_of(code).definite;
}
bool is_rejection(ErrorCode code) {
  return facts_of(code).rejection;
}

}  // namespace soundcheck
