#include "sim/core/printable.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

TEST(Printable, WritesOutWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(printable("one\ntwo\tthree"), "one\\ntwo\\tthree");
  EXPECT_EQ(printable("\x7f\u009b"), "\\x7f\\x9b");
  EXPECT_EQ(printable("a\u202eb\u2066c\u2028"), "a\\u202eb\\u2066c\\u2028");
}

TEST(Printable, LeavesEverythingElse) {
  for (const char* text : {"", "plain", "ä ✓ × … “”", "\u00a0\u200b\u4e2d\U0001f600"}) {
    EXPECT_EQ(printable(text), text);
    EXPECT_EQ(first_unprintable(text), std::string_view::npos) << text;
  }
  EXPECT_EQ(first_unprintable("ab\r"), 2U);
  EXPECT_EQ(printable("\xe2\x80"), "\xe2\x80") << "cut off in the middle of a character";
}

}  // namespace
}  // namespace soundcheck
