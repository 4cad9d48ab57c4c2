#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/core/error_code.hpp"

namespace soundcheck {

// Most errors need no words, so theirs take no more room than a pointer: results are moved a lot.
class ErrorText {
 public:
  ErrorText() = default;
  ErrorText(std::string text)
      : text_(text.empty() ? nullptr : std::make_unique<std::string>(std::move(text))) {}
  ErrorText(const ErrorText& other) : ErrorText(other.str()) {}
  ErrorText(ErrorText&&) noexcept = default;
  ErrorText& operator=(ErrorText other) noexcept {
    text_ = std::move(other.text_);
    return *this;
  }
  bool empty() const { return text_ == nullptr; }
  const std::string& str() const;
  operator const std::string&() const { return str(); }
  friend bool operator==(const ErrorText& text, std::string_view other) {
    return text.str() == other;
  }

 private:
  std::unique_ptr<std::string> text_;  // null: none
};

// Whether an error is *definite* (the effect certainly did not happen) is a property of the error,
// not of the reader's hope.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  bool definite = false;
  std::uint16_t http_status = 0;  // of the answer that said so; 0: no answer came
  ErrorText text;

  static Error of(ErrorCode code, std::string text = {}) {
    return Error{code, definite_by_nature(code), 0, std::move(text)};
  }
  // An answer with this HTTP status, from 400 to 599.
  static Error answered(int http_status, std::string text = {});
  // The same failure as an answer of the service that it stopped. Only a client error (4xx) still
  // proves that nothing happened: whatever else went wrong there may have come after an effect.
  Error as_answer() const;
};

template <class T>
using Result = std::expected<T, Error>;

template <class T>
std::optional<ErrorCode> error_of(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().code;
}

inline std::unexpected<Error> failure(ErrorCode code, std::string text = {}) {
  return std::unexpected(Error::of(code, std::move(text)));
}

}  // namespace soundcheck
