#pragma once

#include <cstdint>

namespace soundcheck {

// Bytes of an HTTP/1.1 request line or status line with the usual headers.
inline constexpr std::int64_t kHttpHeaderBytes = 300;

}  // namespace soundcheck
