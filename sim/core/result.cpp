#include "sim/core/result.hpp"

namespace soundcheck {
namespace {

struct CodeFacts {
  std::string_view name;
  int http_status;
  bool definite;
};

constexpr CodeFacts facts_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTimeout:
      return {"timeout", 504, false};
    case ErrorCode::kConnectionRefused:
      return {"connection-refused", 502, true};
    case ErrorCode::kConnectionReset:
      return {"connection-reset", 502, false};
    case ErrorCode::kUnavailable:
      return {"unavailable", 503, true};
    case ErrorCode::kCircuitOpen:
      return {"circuit-open", 503, true};
    case ErrorCode::kDeadlineExceeded:
      return {"deadline-exceeded", 504, true};
    case ErrorCode::kInternal:
      return {"internal", 500, false};
    case ErrorCode::kInvalid:
      return {"invalid", 400, true};
    case ErrorCode::kForbidden:
      return {"forbidden", 403, true};
    case ErrorCode::kNotFound:
      return {"not-found", 404, true};
    case ErrorCode::kConflict:
      return {"conflict", 409, true};
    case ErrorCode::kDatabaseUnavailable:
      return {"database-unavailable", 503, true};
    case ErrorCode::kCommitUnknown:
      return {"commit-unknown", 500, false};
    case ErrorCode::kSerialization:
      return {"serialization", 503, true};
    case ErrorCode::kInjected:
      return {"injected", 500, false};
  }
  return {"unknown", 500, false};
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

const std::string& ErrorText::str() const {
  static const std::string kNone;
  return text_ == nullptr ? kNone : *text_;
}

}  // namespace soundcheck
