#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace soundcheck::test {

// A temporary file of the running test: tests run beside one another.
inline std::filesystem::path own_file(const std::string& ending = ".yaml") {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  return std::filesystem::path(testing::TempDir()) /
         (std::string(test.test_suite_name()) + "." + test.name() + ending);
}

}  // namespace soundcheck::test
