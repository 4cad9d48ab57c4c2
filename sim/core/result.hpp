#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace soundcheck {

// How a request failed in the simulated world. Whether the error is *definite* (the effect
// certainly did not happen) is a property of the error, not of the reader's hope: taking a timeout
// for "did not happen" is how double charges are born.
enum class ErrorCode : std::uint8_t {
  kTimeout,            // no answer in time; indefinite
  kConnectionRefused,  // nobody listens, or the accept queue is full; definite
  kConnectionReset,    // the peer vanished after the request may have left; indefinite
  kUnavailable,  // 503 or load shed before the handler ran; definite when the framework says so
  kCircuitOpen,  // the caller's breaker refused; definite
  kDeadlineExceeded,  // no time left before the call was sent; definite
  kInternal,          // 500, or a failure further down that says nothing about effects; indefinite
  kInvalid,           // 400; definite
  kForbidden,         // 401 or 403; definite
  kNotFound,          // 404; definite
  kConflict,          // 409; definite
  kDatabaseUnavailable,  // the database failed before COMMIT was sent; definite
  kCommitUnknown,        // the connection broke after COMMIT was sent; indefinite
  kSerialization,        // the transaction lost against another one and was rolled back; definite
  kInjected,             // a fault answered in place of the callee
};

std::string_view name_of(ErrorCode code);
int http_status_of(ErrorCode code);  // as a reverse proxy would answer: 504, 502, 503, ...
bool definite_by_nature(ErrorCode code);

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

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  bool definite = false;
  ErrorText text;

  static Error of(ErrorCode code, std::string text = {}) {
    return Error{code, definite_by_nature(code), std::move(text)};
  }
  // The same failure seen from behind another service: only a rejection by the business logic (4xx)
  // still proves that nothing happened; whatever else went wrong there may have come after an
  // effect.
  Error seen_by_caller() const {
    Error error = *this;
    error.definite = definite && (code == ErrorCode::kInvalid || code == ErrorCode::kForbidden ||
                                  code == ErrorCode::kNotFound || code == ErrorCode::kConflict);
    return error;
  }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(ErrorCode code, std::string text = {}) {
  return std::unexpected(Error::of(code, std::move(text)));
}

}  // namespace soundcheck
