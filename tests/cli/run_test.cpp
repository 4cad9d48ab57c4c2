#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <utility>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

struct Run : testing::Test {
  Run() { workplace.write("short.yaml", kShortScenario); }
  // What the program says that a run writes.
  std::vector<std::string> announced_files() const {
    std::vector<std::string> names;
    for (const Json& entry : workplace.run({"list", "files", "--json"}).json())
      names.push_back(entry["name"]);
    return names;
  }
  fs::path at(const std::string& path) const { return workplace.folder() / path; }
  Workplace workplace;
};

TEST_F(Run, WritesAFolderAndPointsLatestToIt) {
  const ProgramRun run = workplace.run({"run", "short.yaml"});
  EXPECT_LE(run.exit_code, 3) << run.errors;
  EXPECT_EQ(run.errors, "");
  EXPECT_THAT(names_in(at("runs")), UnorderedElementsAre("short", "latest"));
  const std::vector<std::string> runs = names_in(at("runs/short"));
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(fs::read_symlink(at("runs/latest")), "short/" + runs[0]);
  EXPECT_THAT(names_in(at("runs/latest")), UnorderedElementsAreArray(announced_files()));
  EXPECT_THAT(run.output, HasSubstr("runs/short/" + runs[0]));
  const Json json = Json::parse(workplace.read("runs/latest/run.json"));
  EXPECT_EQ(json["scenario"], "short");
  EXPECT_EQ(json["aborted"], false);
  EXPECT_EQ(json["exit_code"], run.exit_code);
}

TEST_F(Run, EndsWithTheCommandThatReplaysIt) {
  const ProgramRun run =
      workplace.run({"run", "short.yaml", "--seed", "11", "--set", "about=it's sound"});
  const std::string replay = run.lines().back();
  EXPECT_THAT(replay, EndsWith(" run short.yaml --seed 11 --set 'about=it'\\''s sound'"));
  const std::string first = workplace.read("runs/latest/run.json");
  const std::string series = workplace.read("runs/latest/series.csv");
  EXPECT_EQ(workplace.run_shell(replay + " -o again || true").exit_code, 0);
  EXPECT_EQ(workplace.read("again/run.json"), first);
  EXPECT_EQ(workplace.read("again/series.csv"), series);
}

TEST_F(Run, IsAnotherOneWithAnotherSeed) {
  workplace.run({"run", "short.yaml", "--seed", "1", "-o", "one"});
  workplace.run({"run", "short.yaml", "--seed", "2", "-o", "two"});
  EXPECT_NE(Json::parse(workplace.read("one/run.json"))["digest"],
            Json::parse(workplace.read("two/run.json"))["digest"]);
}

TEST_F(Run, IsTheSameFromAnotherFolder) {
  const Workplace elsewhere;
  workplace.run({"run", "short.yaml"});
  elsewhere.run({"run", at("short.yaml").string()});
  EXPECT_EQ(elsewhere.read("runs/latest/run.json"), workplace.read("runs/latest/run.json"));
  EXPECT_EQ(elsewhere.read("runs/latest/series.csv"), workplace.read("runs/latest/series.csv"));
}

TEST_F(Run, KeepsTheScenarioAsItWasRun) {
  workplace.run({"run", "short.yaml", "--seed", "11", "--set", "duration=6s", "-o", "out"});
  const std::string scenario = workplace.read("out/scenario.yaml");
  EXPECT_THAT(scenario, AllOf(HasSubstr("seed: 11"), HasSubstr("duration: 6s")));
  workplace.run({"run", "out/scenario.yaml", "-o", "again"});
  Json first = Json::parse(workplace.read("out/run.json"));
  const Json again = Json::parse(workplace.read("again/run.json"));
  EXPECT_EQ(again["digest"], first["digest"]);
}

TEST_F(Run, ItsFolderNeedsNoOtherFileToBeReplayed) {
  workplace.write("tables/latency.csv", "1ms\n3ms\n7ms\n");
  workplace.write(
      "tables/parts.yaml",
      "services: { auth: { endpoints: { authenticate: { cpu: empirical(latency.csv) } } } }\n");
  workplace.write("scenarios/main.yaml", kShortScenario + "include: [../tables/parts.yaml]\n");
  const ProgramRun first = workplace.run({"run", "scenarios/main.yaml", "-o", "out"});
  EXPECT_LE(first.exit_code, 3) << first.errors;
  const Workplace elsewhere;
  elsewhere.write("scenario.yaml", workplace.read("out/scenario.yaml"));
  const ProgramRun again = elsewhere.run({"run", "scenario.yaml", "-o", "again"});
  EXPECT_LE(again.exit_code, 3) << again.errors;
  EXPECT_EQ(elsewhere.read("again/series.csv"), workplace.read("out/series.csv"));
  EXPECT_EQ(Json::parse(elsewhere.read("again/run.json"))["digest"],
            Json::parse(workplace.read("out/run.json"))["digest"]);
  EXPECT_EQ(elsewhere.read("again/scenario.yaml"), workplace.read("out/scenario.yaml"));
}

TEST_F(Run, PrintsJsonAloneOnStandardOutput) {
  const ProgramRun run = workplace.run({"run", "short.yaml", "--json"});
  EXPECT_EQ(run.output, workplace.read("runs/latest/run.json"));
  EXPECT_THAT(run.errors, EndsWith(" run short.yaml --seed 1\n"));
}

TEST_F(Run, PrintsTheVerdictAndTheCommandWhenQuiet) {
  const ProgramRun run = workplace.run({"run", "short.yaml", "--quiet"});
  ASSERT_EQ(run.lines().size(), 2U) << run.output;
  const std::string sentence = Json::parse(workplace.read("runs/latest/run.json"))["sentence"];
  EXPECT_EQ(run.lines()[0], sentence);
  EXPECT_EQ(run.errors, "");
}

TEST_F(Run, WritesDatabasesWhenAskedTo) {
  workplace.run({"run", "short.yaml", "--keep-databases", "-o", "out"});
  const std::vector<std::string> names = names_in(at("out/databases"));
  EXPECT_FALSE(names.empty());
  for (const std::string& name : names) EXPECT_THAT(name, EndsWith(".sqlite"));
}

TEST_F(Run, GivesRunsOfOneSecondDifferentFolders) {
  for (int i = 0; i < 3; ++i) workplace.run({"run", "short.yaml"});
  EXPECT_EQ(names_in(at("runs/short")).size(), 3U);
}

TEST_F(Run, ReplacesAFormerRunAndNothingElse) {
  EXPECT_LE(workplace.run({"run", "short.yaml", "--seed", "1", "-o", "out"}).exit_code, 3);
  EXPECT_LE(workplace.run({"run", "short.yaml", "--seed", "2", "-o", "out/"}).exit_code, 3);
  EXPECT_EQ(Json::parse(workplace.read("out/run.json"))["seed"], 2);
  workplace.write("out/thesis.txt", "years of work");
  const ProgramRun run = workplace.run({"run", "short.yaml", "--seed", "3", "-o", "out"});
  EXPECT_EQ(run.exit_code, 74);
  EXPECT_THAT(run.errors, AllOf(HasSubstr("thesis.txt"), HasSubstr("nothing was run")));
  EXPECT_EQ(run.output, "");
  EXPECT_EQ(Json::parse(workplace.read("out/run.json"))["seed"], 2);
  EXPECT_EQ(workplace.read("out/thesis.txt"), "years of work");
}

TEST_F(Run, RefusesAFileInTheWayOfTheFolderAskedFor) {
  workplace.write("out", "");
  const ProgramRun run = workplace.run({"run", "short.yaml", "-o", "out"});
  EXPECT_EQ(run.exit_code, 74);
  EXPECT_THAT(run.errors, HasSubstr("'out' is in the way"));
  EXPECT_EQ(workplace.run({"run", "short.yaml", "-o", "out/deeper"}).exit_code, 74);
  EXPECT_THAT(names_in(workplace.folder()), UnorderedElementsAre("out", "short.yaml"));
}

TEST_F(Run, FindsOutBeforeItRunsThatItsFolderCannotBeMade) {
  workplace.write("runs", "a file");
  const ProgramRun run = workplace.run({"run", "short.yaml"});
  EXPECT_EQ(run.exit_code, 74);
  EXPECT_THAT(run.errors, AllOf(HasSubstr("'runs/short'"), HasSubstr("nothing was run"),
                                HasSubstr("--output")));
  EXPECT_EQ(run.output, "");
  EXPECT_EQ(workplace.read("runs"), "a file");
}

TEST_F(Run, RunsSeveralSeedsAndSaysHowToReplayThoseThatDidNotPass) {
  const std::string slo = "expect.slo=[{ request: subscribe, p50: < 1ns }]";
  const ProgramRun passed = workplace.run({"run", "short.yaml", "--seeds", "3..5"});
  EXPECT_EQ(passed.exit_code, 0) << passed.output << passed.errors;
  EXPECT_THAT(passed.lines(), ElementsAre(StartsWith("seed 3  PASS"), StartsWith("seed 4  PASS"),
                                          StartsWith("seed 5  PASS"), "", "3 seeds: 3 passed"));
  EXPECT_FALSE(fs::exists(at("runs"))) << "nothing is kept";
  const ProgramRun failed = workplace.run({"run", "short.yaml", "--seeds", "3..4", "--set", slo});
  EXPECT_EQ(failed.exit_code, 2);
  EXPECT_THAT(failed.lines()[3], "2 seeds: 2 objective missed");
  EXPECT_THAT(failed.lines()[4], AllOf(HasSubstr("--seed 3"), HasSubstr("< 1ns")));
  const Json json = workplace.run({"run", "short.yaml", "--seeds", "7", "--json"}).json();
  EXPECT_EQ(json[0]["seed"], 7);
  EXPECT_EQ(json[0]["exit_code"], 0);
  for (const char* wrong : {"5..3", "a..b", "1..", "..", "1..99999999", ""})
    EXPECT_EQ(workplace.run({"run", "short.yaml", "--seeds", wrong}).exit_code, 64) << wrong;
  EXPECT_EQ(workplace.run({"run", "short.yaml", "--seeds", "1..2", "--seed", "1"}).exit_code, 64);
}

TEST_F(Run, LeavesNothingHalfWrittenOnAFullDisk) {
  const ProgramRun run = workplace.run({"run", "short.yaml"}, {.cannot_write_files = true});
  EXPECT_EQ(run.exit_code, 74);
  EXPECT_THAT(run.errors, HasSubstr("cannot write"));
  EXPECT_THAT(run.lines().back(), EndsWith(" run short.yaml --seed 1"));
  EXPECT_THAT(names_in(workplace.folder()), UnorderedElementsAre("short.yaml"));
}

TEST_F(Run, KeepsEverythingThoughNobodyReadsWhatItPrints) {
  for (const char* reader : {"| head -n 1", "| true", "> /dev/full"}) {
    workplace.run_shell(std::string("soundcheck run short.yaml ") + reader);
    EXPECT_THAT(names_in(at("runs/latest")), UnorderedElementsAreArray(announced_files()))
        << reader;
    EXPECT_THAT(names_in(at("runs/short")), Not(Contains(StartsWith("."))));
    fs::remove_all(at("runs"));
  }
  const ProgramRun full = workplace.run_shell("soundcheck show short.yaml > /dev/full");
  EXPECT_EQ(full.exit_code, 74);
  EXPECT_THAT(full.errors, HasSubstr("could not be written to standard output"));
}

TEST_F(Run, KeepsToItsFolderWhateverTheScenarioIsCalled) {
  workplace.write("odd.yaml",
                  "soundcheck: 1\nname: ../../out of here\nduration: 1s\n"
                  "fidelity: direct\n");
  EXPECT_NE(workplace.run({"run", "odd.yaml"}).exit_code, 70);
  EXPECT_THAT(names_in(workplace.folder().parent_path()), Not(Contains("out of here")));
  for (const std::string& name : names_in(workplace.folder())) {
    EXPECT_THAT(name, testing::AnyOf("odd.yaml", "short.yaml", "runs"));
  }
}

// Long enough never to end by itself within a test.
const std::string kLong = "soundcheck: 1\nname: long\nduration: 365d\nfidelity: ";

// "..., 3 open": requests that were sent and not answered yet.
bool shows_open_requests(const std::string& line) {
  for (std::size_t at = 0; (at = line.find("requests, ", at)) != std::string::npos;) {
    at += std::string_view("requests, ").size();
    if (at < line.size() && line[at] >= '1' && line[at] <= '9') return true;
  }
  return false;
}

TEST_F(Run, ShowsProgressOnATerminalAndWritesWhatWasSeenWhenInterrupted) {
  for (const auto& [kernel, signal] :
       {std::pair{"direct", SIGINT}, {"flow", SIGTERM}, {"direct", SIGHUP}}) {
    workplace.write("long.yaml", kLong + kernel + "\n");
    const ProgramRun run = workplace.run(
        {"run", "long.yaml"}, {.environment = {"NO_COLOR=1"},
                               .errors_on_terminal = true,
                               .interrupt_when =
                                   [](const std::string& errors) {
                                     return errors.contains(" of 365d") &&
                                            (shows_open_requests(errors) || errors.size() > 20'000);
                                   },
                               .interrupt_by = signal});
    EXPECT_TRUE(shows_open_requests(run.errors)) << run.errors;
    EXPECT_EQ(run.exit_code, 128 + signal) << run.errors;
    EXPECT_THAT(run.output, StartsWith("ABORTED at t = "));
    EXPECT_THAT(run.output, Not(HasSubstr("CHECKS")));
    EXPECT_THAT(run.lines().back(), EndsWith(" run long.yaml --seed 1"));
    const Json json = Json::parse(workplace.read("runs/latest/run.json"));
    EXPECT_EQ(json["aborted"], true);
    EXPECT_EQ(json["verdict"], "aborted");
    EXPECT_EQ(json["exit_code"], run.exit_code);
    EXPECT_THAT(names_in(at("runs/long")), Not(Contains(StartsWith(".")))) << kernel;
    std::filesystem::remove_all(at("runs"));
  }
}

TEST_F(Run, CleansUpWhatAKilledProcessLeft) {
  workplace.write("runs/short/.unfinished-4194305/databases/half", "");
  workplace.write("out.unfinished-4194305/run.json", "");
  workplace.write("out.unfinished-4194305-former/run.json", "");
  workplace.run({"run", "short.yaml"});
  workplace.run({"run", "short.yaml", "-o", "out"});
  EXPECT_THAT(names_in(at("runs/short")), Not(Contains(StartsWith("."))));
  EXPECT_FALSE(std::filesystem::exists(at("out.unfinished-4194305")));
  EXPECT_TRUE(std::filesystem::exists(at("out.unfinished-4194305-former"))) << "a former run";
}

TEST_F(Run, ShowsNoProgressWhenNobodyLooksOrWants) {
  const ProgramSetup terminal{.errors_on_terminal = true};
  EXPECT_EQ(workplace.run({"run", "short.yaml"}).errors, "");
  EXPECT_EQ(workplace.run({"run", "short.yaml", "--no-progress"}, terminal).errors, "");
  EXPECT_EQ(workplace.run({"run", "short.yaml", "--quiet"}, terminal).errors, "");
  EXPECT_THAT(workplace.run({"run", "short.yaml"}, terminal).errors,
              AllOf(StartsWith("\r\x1b[K"), EndsWith("\r\x1b[K")));
}

}  // namespace
}  // namespace soundcheck::test
