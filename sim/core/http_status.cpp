#include "sim/core/http_status.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

ErrorCode error_code_of_http_status(int status) {
  SOUNDCHECK_ASSERT(status >= kFirstHttpError && status <= kLastHttpError,
                    "HTTP status {} is no error", status);
  switch (status) {
#define SOUNDCHECK_HTTP_STATUS(number, phrase, code) \
  case number:                                       \
    return ErrorCode::code;
#include "sim/core/http_statuses.def"
#undef SOUNDCHECK_HTTP_STATUS
    default:
      return is_http_client_error(status) ? ErrorCode::kInvalid : ErrorCode::kInternal;
  }
}

std::string_view http_phrase_of(int status) {
  switch (status) {
    case kHttpOk:
      return "OK";
#define SOUNDCHECK_HTTP_STATUS(number, phrase, code) \
  case number:                                       \
    return phrase;
#include "sim/core/http_statuses.def"
#undef SOUNDCHECK_HTTP_STATUS
    default:
      return {};
  }
}

}  // namespace soundcheck
