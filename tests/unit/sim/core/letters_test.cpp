#include "sim/core/letters.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

TEST(Letters, ChangeTheirCaseAndNothingElseDoes) {
  EXPECT_EQ(in_upper_case(std::string("az AZ @[`{ 09_ \xC3\xA4")), "AZ AZ @[`{ 09_ \xC3\xA4");
  EXPECT_EQ(in_lower_case(std::string("az AZ @[`{ 09_ \xC3\x84")), "az az @[`{ 09_ \xC3\x84");
}

TEST(Letters, AreThoseOfAscii) {
  int letters = 0;
  int digits = 0;
  for (int byte = 0; byte < 256; ++byte) {
    letters += is_letter(static_cast<char>(byte)) ? 1 : 0;
    digits += is_digit(static_cast<char>(byte)) ? 1 : 0;
  }
  EXPECT_EQ(letters, 52);
  EXPECT_EQ(digits, 10);
  EXPECT_TRUE(is_lower_case('a') && is_lower_case('z') && !is_lower_case('A'));
  EXPECT_TRUE(is_upper_case('A') && is_upper_case('Z') && !is_upper_case('z'));
}

}  // namespace
}  // namespace soundcheck
