#include "sim/core/http_status.hpp"

#include <gtest/gtest.h>

#include <string>

#include "sim/core/result.hpp"

namespace soundcheck {
namespace {

// RFC 9110 section 15: a client error says that the request was not carried out; 408 "MAY repeat
// the request", RFC 6585: 429 asks to wait before a new request.
TEST(HttpStatus, AClientErrorProvesThatNothingHappened) {
  for (int status = 400; status <= 499; ++status) {
    const Error error = Error::answered(status);
    EXPECT_TRUE(error.definite) << status;
    EXPECT_TRUE(error.as_answer().definite) << "seen through another service: " << status;
  }
  for (int status = 500; status <= 599; ++status) {
    EXPECT_FALSE(is_rejection(Error::answered(status).code)) << status;
    EXPECT_FALSE(Error::answered(status).as_answer().definite) << status;
  }
}

TEST(HttpStatus, AskingAgainMayHelpOnlyWhereTheStatusSaysNotNow) {
  for (int status = 400; status <= 499; ++status) {
    const bool not_now = status == 408 || status == 421 || status == 425 || status == 429;
    EXPECT_EQ(is_rejection(error_code_of_http_status(status)), !not_now) << status;
  }
}

TEST(HttpStatus, OneWithoutAnEntryCountsAsTheFirstOfItsClass) {
  EXPECT_EQ(error_code_of_http_status(499), error_code_of_http_status(400));
  EXPECT_EQ(error_code_of_http_status(599), error_code_of_http_status(500));
  EXPECT_EQ(http_phrase_of(499), "");
}

TEST(HttpStatus, HasThePhraseOfTheStandard) {
  EXPECT_EQ(http_phrase_of(200), "OK");
  EXPECT_EQ(http_phrase_of(422), "Unprocessable Content");
  EXPECT_EQ(http_phrase_of(504), "Gateway Timeout");
}

// What a service passes on is what it was answered; what happened on the way gets the status that a
// reverse proxy would give it.
TEST(HttpStatus, OfAnAnswerIsKeptOnTheWayUp) {
  EXPECT_EQ(Error::answered(422, "no").as_answer().http_status, 422);
  EXPECT_EQ(Error::answered(422, "no").as_answer().text, "no");
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const Error error = Error::of(code);
    EXPECT_EQ(error.http_status, 0) << name_of(code) << ": nobody has answered";
    EXPECT_EQ(error.as_answer().http_status, http_status_of(code)) << name_of(code);
    EXPECT_EQ(error.as_answer().definite, is_rejection(code)) << name_of(code);
    EXPECT_LE(is_rejection(code), error_code_of_http_status(http_status_of(code)) == code)
        << name_of(code) << ": a rejection keeps its code as a status";
  }
}

}  // namespace
}  // namespace soundcheck
