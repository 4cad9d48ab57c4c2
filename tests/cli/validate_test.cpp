#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Every command that reads scenarios refuses a wrong one in the same way: its code, diagnostics on
// standard error, nothing on standard output, nothing written.
void expect_wrong(const Workplace& workplace, const std::string& file,
                  const testing::Matcher<const std::string&>& diagnostics) {
  for (const char* command : {"validate", "show", "run", "verify"}) {
    const ProgramRun run = workplace.run({command, file});
    EXPECT_EQ(run.exit_code, 65) << command << ": " << run.errors.substr(0, 2000);
    EXPECT_EQ(run.output, "") << command;
    EXPECT_THAT(run.errors, diagnostics);
    EXPECT_THAT(run.errors, Not(HasSubstr("terminate called")));
    EXPECT_FALSE(std::filesystem::exists(workplace.folder() / "runs")) << command;
  }
}

TEST(Validate, AcceptsAScenarioThatIsRight) {
  const Workplace workplace;
  workplace.write("short.yaml", kShortScenario);
  const ProgramRun run = workplace.run({"validate", "short.yaml"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.output, "short.yaml: no mistakes\n");
  EXPECT_EQ(run.errors, "");
}

TEST(Validate, ReadsStandardInput) {
  EXPECT_EQ(Workplace().run({"validate", "-"}, {.input = kShortScenario}).exit_code, 0);
  EXPECT_EQ(Workplace().run({"validate", "-"}, {.input = "sede: 1\n"}).exit_code, 65);
}

TEST(Validate, ReportsAllMistakesOfAllFilesAtOnce) {
  const Workplace workplace;
  workplace.write("a.yaml", "soundcheck: 1\nsede: 3\nduraton: 5s\n");
  workplace.write("b.yaml", kShortScenario);
  workplace.write("c.yaml", "soundcheck: 1\nduration: 5\n");
  const ProgramRun run = workplace.run({"validate", "a.yaml", "b.yaml", "c.yaml"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_EQ(run.output, "b.yaml: no mistakes\n");
  EXPECT_THAT(run.errors,
              AllOf(HasSubstr("a.yaml:2:1: error[E"), HasSubstr("did you mean 'seed'"),
                    HasSubstr("a.yaml:3:1: error[E"), HasSubstr("a.yaml: 2 mistakes"),
                    HasSubstr("c.yaml:2:11: error[E"), HasSubstr("c.yaml: 1 mistake\n")));
}

TEST(Validate, PrintsMistakesAsJson) {
  const Workplace workplace;
  workplace.write("a.yaml", "soundcheck: 1\nsede: 3\n");
  workplace.write("b.yaml", "soundcheck: 1\nduration: 5\n");
  const ProgramRun run = workplace.run({"validate", "--json", "a.yaml", "b.yaml"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_EQ(run.errors, "");
  ASSERT_EQ(run.json().size(), 2U);
  EXPECT_EQ(run.json()[0]["file"], "a.yaml");
  EXPECT_EQ(run.json()[0]["line"], 2);
  EXPECT_EQ(run.json()[1]["file"], "b.yaml");
}

TEST(Validate, RefusesWhatIsNoReadableFile) {
  const Workplace workplace;
  std::filesystem::create_directory(workplace.folder() / "folder.yaml");
  workplace.write("binary.yaml", std::string("soundcheck: 1\nname: \0\x01\xff", 25));
  expect_wrong(workplace, "nowhere.yaml", HasSubstr("there is no file 'nowhere.yaml'"));
  expect_wrong(workplace, "folder.yaml", HasSubstr("is a folder"));
  expect_wrong(workplace, "/dev/null", HasSubstr("not an ordinary file"));
  expect_wrong(workplace, "binary.yaml", HasSubstr("not a text file"));
  expect_wrong(workplace, "", HasSubstr("error[E001]"));
}

TEST(Validate, RefusesAFileThatMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const Workplace workplace;
  workplace.write("secret.yaml", kShortScenario);
  std::filesystem::permissions(workplace.folder() / "secret.yaml", std::filesystem::perms::none);
  expect_wrong(workplace, "secret.yaml", HasSubstr("may not be opened"));
}

TEST(Validate, RefusesAnEnormousFile) {
  const Workplace workplace;
  workplace.write("enormous.yaml", kShortScenario + "# " + std::string(5U << 20, 'x') + "\n");
  expect_wrong(workplace, "enormous.yaml", HasSubstr("larger than 4 MiB"));
}

TEST(Validate, RefusesADocumentThatUnfoldsToBillions) {
  const Workplace workplace;
  std::string bomb = "soundcheck: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i <= 9; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 0; j < 9; ++j) bomb += ", " + last;
    bomb += "]\n";
  }
  workplace.write("bomb.yaml", bomb);
  workplace.write("deep.yaml", "soundcheck: 1\na: " + std::string(100'000, '[') + "\n");
  expect_wrong(workplace, "bomb.yaml", HasSubstr("error[E003]"));
  expect_wrong(workplace, "deep.yaml", HasSubstr("error[E00"));
}

TEST(Validate, RefusesIncludesThatAreMissingOrElsewhere) {
  const Workplace workplace;
  workplace.write("missing.yaml", kShortScenario + "include: [nowhere.yaml]\n");
  workplace.write("elsewhere.yaml", kShortScenario + "include: [/etc/passwd]\n");
  workplace.write("circle.yaml", kShortScenario + "include: [circle.yaml]\n");
  expect_wrong(workplace, "missing.yaml",
               AllOf(HasSubstr("missing.yaml:5:11: error[E030]"), HasSubstr("nowhere.yaml")));
  expect_wrong(workplace, "elsewhere.yaml", HasSubstr("error[E030]"));
  expect_wrong(workplace, "circle.yaml", HasSubstr("error[E030]"));
}

TEST(Validate, RefusesValuesThatContradictEachOther) {
  const Workplace workplace;
  workplace.write("both.yaml",
                  kShortScenario + "workload:\n  - { arrivals: poisson(5/s), clients: 3 }\n");
  expect_wrong(workplace, "both.yaml", HasSubstr("both.yaml:6"));
}

TEST(Validate, PrintsNothingThatATerminalWouldObey) {
  const Workplace workplace;
  workplace.write("name.json",
                  R"({ "name": "w\u001b[31m", "tasks": [ { "name": "a", "type": "SIMPEL" } ] })");
  for (const ProgramRun& run :
       {workplace.run({"validate", "name.json"}), workplace.run({"run", "no\x1b[31m.yaml"}),
        workplace.run({"\x1b[31m"}), workplace.run({"run", "short.yaml", "--seed", "\x1b[31m"})}) {
    EXPECT_NE(run.exit_code, 0);
    EXPECT_EQ(run.errors.find('\x1b'), std::string::npos) << run.errors;
    EXPECT_EQ(run.output.find('\x1b'), std::string::npos) << run.output;
  }
}

TEST(Validate, RefusesControlCharactersInDefinitionsToo) {
  const Workplace workplace;
  for (const char* name : {"\\u001b[31mred", "a\\u0000b", "a\\u009b31m", "a\\u202eb"}) {
    workplace.write("w.json", std::string(R"({"name":"w","schemaVersion":2,"tasks":[{"name":")") +
                                  name + R"(","taskReferenceName":"a","type":"SIMPLE"}]})");
    const ProgramRun run = workplace.run({"validate", "w.json"});
    EXPECT_EQ(run.exit_code, 65) << name;
    EXPECT_THAT(run.output + run.errors, HasSubstr("a control character in a text")) << name;
    EXPECT_EQ((run.output + run.errors).find('\x1b'), std::string::npos) << name;
  }
}

TEST(Validate, RefusesASeedThatIsNoSeed) {
  const Workplace workplace;
  for (const char* seed : {"seven", "-1", "1.5", "18446744073709551616", "010"}) {
    workplace.write("seed.yaml", std::string("soundcheck: 1\nseed: ") + seed + "\n");
    expect_wrong(workplace, "seed.yaml", HasSubstr("seed.yaml:2:7: error[E"));
  }
}

TEST(Validate, TakesBareDefinitionsAndPointsAtWhatIsIgnoredInThem) {
  const Workplace workplace;
  workplace.write("order.json", R"({
  "name": "order",
  "tasks": [
    { "name": "a", "taskReferenceName": "a", "type": "SIMPEL", "retryCuont": 3 }
  ]
}
)");
  const ProgramRun run = workplace.run({"validate", "order.json"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.output, "");
  EXPECT_THAT(run.errors, AllOf(HasSubstr("order.json:4:64: warning[E023]: tasks.0.retryCuont"),
                                HasSubstr("did you mean 'retryCount'?"),
                                HasSubstr("order.json:4:54: warning[E023]: tasks.0.type"),
                                HasSubstr("order.json: no mistakes, 2 warnings\n")));
}

TEST(Validate, TakesTaskDefinitionsAndListsOfBoth) {
  const Workplace workplace;
  workplace.write("all.json", R"([
  { "name": "pay", "retryCount": 2 },
  { "name": "w", "tasks": [ { "name": "p", "taskReferenceName": "p", "type": "SIMPLE" } ] }
])");
  const ProgramRun run = workplace.run({"validate", "all.json"});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_EQ(run.output, "all.json: no mistakes\n");
}

TEST(Validate, WarningsAloneAreNoFailure) {
  const Workplace workplace;
  workplace.write("pay.json", R"({ "name": "pay", "isolationGroupId": "blue" })");
  const ProgramRun run = workplace.run({"validate", "pay.json"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.errors, AllOf(HasSubstr("pay.json:1:38: warning[E023]: isolationGroupId"),
                                HasSubstr("pay.json: no mistakes, 1 warning\n")));
  const ProgramRun json = workplace.run({"validate", "--json", "pay.json"});
  ASSERT_EQ(json.json().size(), 1U);
  EXPECT_EQ(json.json()[0]["level"], "warning");
}

}  // namespace
}  // namespace soundcheck::test
