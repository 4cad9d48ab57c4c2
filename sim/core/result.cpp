#include "sim/core/result.hpp"

#include "sim/core/http_status.hpp"

namespace soundcheck {

const std::string& ErrorText::str() const {
  static const std::string kNone;
  return text_ == nullptr ? kNone : *text_;
}

Error Error::answered(int http_status, std::string text) {
  Error error = of(error_code_of_http_status(http_status), std::move(text));
  error.http_status = static_cast<std::uint16_t>(http_status);
  return error;
}

Error Error::as_answer() const {
  Error error = *this;
  if (http_status == 0) error.http_status = static_cast<std::uint16_t>(http_status_of(code));
  error.definite = definite && is_http_client_error(error.http_status);
  return error;
}

}  // namespace soundcheck
