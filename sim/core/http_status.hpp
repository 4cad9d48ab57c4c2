#pragma once

#include <string_view>

#include "sim/core/error_code.hpp"

namespace soundcheck {

inline constexpr int kHttpOk = 200;
inline constexpr int kFirstHttpError = 400;
inline constexpr int kLastHttpError = 599;

// Whether the status says that the request was not carried out: 4xx. A server error (5xx) may have
// come after an effect.
constexpr bool is_http_client_error(int status) {
  return status >= kFirstHttpError && status < 500;
}

// What a caller takes an answer with this status for: see http_statuses.def. From 400 to 599.
ErrorCode error_code_of_http_status(int status);

// "Not Found"; empty for a status without an entry.
std::string_view http_phrase_of(int status);

}  // namespace soundcheck
