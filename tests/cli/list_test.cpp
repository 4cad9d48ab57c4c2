#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;

TEST(List, NamesItsTopics) {
  const ProgramRun run = Workplace().run({"list"});
  EXPECT_EQ(run.exit_code, 0);
  for (const char* topic : {"services", "requests", "sagas", "faults", "invariants", "defects"}) {
    EXPECT_THAT(run.output, HasSubstr(topic));
  }
}

TEST(List, HasSomethingUnderEveryTopicAndFitsTheScreen) {
  const Workplace workplace;
  const Json topics = workplace.run({"list", "--json"}).json();
  EXPECT_GE(topics.size(), 10U);
  for (const auto& [topic, entries] : topics.items()) {
    EXPECT_FALSE(entries.empty()) << topic;
    const ProgramRun page = workplace.run({"list", topic});
    EXPECT_EQ(page.exit_code, 0);
    EXPECT_LE(widest_line(page.output), 100U) << page.output;
    for (const Json& entry : entries) {
      EXPECT_THAT(page.output, HasSubstr(entry["name"].get<std::string>()));
    }
  }
}

TEST(List, SuggestsTheTopicThatWasMeant) {
  const ProgramRun run = Workplace().run({"list", "fualts"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.errors, HasSubstr("did you mean 'faults'?"));
}

}  // namespace
}  // namespace soundcheck::test
