#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace soundcheck {

// How a request failed in the simulated world: see error_codes.def.
enum class ErrorCode : std::uint8_t {
#define SOUNDCHECK_ERROR_CODE(constant, name, http_status, definite, rejection) constant,
#include "sim/core/error_codes.def"
#undef SOUNDCHECK_ERROR_CODE
  kCount
};
inline constexpr std::size_t kErrorCodeCount = static_cast<std::size_t>(ErrorCode::kCount);

std::string_view name_of(ErrorCode code);
int http_status_of(ErrorCode code);  // as a reverse proxy would answer: 504, 502, 503, ...
bool definite_by_nature(ErrorCode code);
bool is_rejection(ErrorCode code);  // the callee is well and has said no: do not ask again

}  // namespace soundcheck
