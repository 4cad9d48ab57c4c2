// What looks like something else than it is: texts that swallow fields, names that make something
// new, definitions that nothing uses, values that no run could meet.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/definition_file.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Lines = std::vector<std::string>;

Diagnostics diagnostics_of(const std::string& text, const Overrides& overrides = {}) {
  const fs::path path = test::own_file();
  std::ofstream(path, std::ios::binary) << text;
  auto checked = load_scenario(path, overrides, reference_catalogue());
  fs::remove(path);
  return std::move(checked.diagnostics);
}

// "error 5:8 E002 a quote is not closed", "warning ...".
Lines lines_of(const Diagnostics& diagnostics) {
  Lines lines;
  for (const Mistake& one : diagnostics.mistakes()) {
    lines.push_back(fmt::format("{} {}:{} {} {}{}{}", one.is_warning ? "warning" : "error",
                                one.position.line, one.position.column, to_text(one.code),
                                one.sentence, one.hint.empty() ? "" : " | ", one.hint));
  }
  return lines;
}

Lines wrong(const std::string& text, const Overrides& overrides = {}) {
  return lines_of(diagnostics_of("soundcheck: 1\n" + text, overrides));
}

TEST(SwallowedLines, AQuoteThatIsNotClosedIsShownWhereItBegins) {
  const std::string rest = "defects: [capture_without_key]\nduration: 10s\n";
  EXPECT_THAT(wrong("about: \"my outage\n" + rest), ElementsAre(StartsWith("error 2:8 E002")));
  EXPECT_THAT(wrong("about: 'my outage\n" + rest), ElementsAre(StartsWith("error 2:8 E002")));
  EXPECT_THAT(wrong("about: \"my outage\n" + rest + "name: closed\"\n"),
              ElementsAre(StartsWith("error 2:8 E002")))
      << "at a quote that was meant to open";
  EXPECT_THAT(wrong("topology:\n  zones:\n    a: { region: \"eu }\n    b: { region: eu }\n"),
              ElementsAre(StartsWith("error 4:18 E002")));
  EXPECT_THAT(wrong("defects:\n  - \"x\n  - y\"\n"), ElementsAre(StartsWith("error 3:5 E002")));
}

TEST(SwallowedLines, TextsOfSeveralLinesAreFineWhereTheyHoldNoField) {
  EXPECT_THAT(wrong("about: \"one\n  two: three\n\n  four\"\nduration: 10s\n"), IsEmpty());
  EXPECT_THAT(wrong("about: >-\n  one\n  note: two\n\n  three\nduration: 10s\n"), IsEmpty());
  EXPECT_THAT(wrong("about: |\n  seed: 3,\n  it's \"open\nduration: 10s\n"), IsEmpty());
  EXPECT_THAT(wrong("about: 'it''s'\nname: \"a\\\"b\"\n"),
              Not(testing::Contains(HasSubstr("E002"))));
  EXPECT_THAT(wrong("about: &a\n  \"one\n  two\"\nduration: 10s\n"), IsEmpty());
}

TEST(SwallowedLines, AFieldInATextIsSaid) {
  const char* const said =
      "warning 2:8 E007 a line of this text looks like the field 'defects' | a field stands "
      "outside "
      "the text, and less indented";
  EXPECT_THAT(wrong("about: >-\n  my outage\n  defects: [blind_undo]\n"), ElementsAre(said));
  EXPECT_THAT(wrong("about: |\n  - defects: [blind_undo]\n"), ElementsAre(said));
  EXPECT_THAT(wrong("about: \"my outage\n  defects: [blind_undo]\"\n"), ElementsAre(said));
  EXPECT_THAT(wrong("about: \"x\n  users: 3\"\npopulation:\n  users: 1000\n"),
              ElementsAre(HasSubstr("looks like the field 'users'")))
      << "a field that stands elsewhere, too";
}

TEST(SwallowedLines, AValueWithoutQuotesOverSeveralLinesIsSaid) {
  EXPECT_THAT(wrong("about: my\n  outage\n"),
              ElementsAre(StartsWith("warning 2:8 E007 a value of 2 lines without quotes")));
  EXPECT_THAT(wrong("about: my\n\n  outage\n  again\nduration: 10s\n"),
              ElementsAre(HasSubstr("a value of 4 lines")));
  EXPECT_THAT(wrong("workload: [ { arrivals: poisson(5/s,\n  seed 3), mix: { search: 1 } } ]\n"),
              Not(testing::Contains(HasSubstr("E007"))))
      << "an argument in a line of its own";
}

TEST(ControlCharacters, InATextAreMistakes) {
  for (const char* text : {"\"f\\e[31m\"", "\"\\u009b31m\"", "\"\\u202eabc\"", "\"\\0\""}) {
    EXPECT_THAT(wrong(fmt::format("about: {}\n", text)),
                ElementsAre(StartsWith("error 2:8 E013 a control character in a text: ")))
        << text;
  }
  EXPECT_THAT(wrong("about: \"a\\tb\\nc\"\n"), IsEmpty());
  EXPECT_THAT(wrong("faults: [ { name: \"a\\nb\", at: 2s, kind: process.crash, target: { service: "
                    "payments } } ]\n"),
              ElementsAre(HasSubstr("one line")));
}

TEST(ControlCharacters, AreInNoDiagnostics) {
  const Diagnostics diagnostics = diagnostics_of("soundcheck: 1\nx\u009b31m: 3\ny\rz: 4\n");
  EXPECT_EQ(diagnostics.text().find('\r'), std::string::npos);
  EXPECT_EQ(diagnostics.text().find("\u009b"), std::string::npos) << diagnostics.text();
}

TEST(NewNames, ARegionThatIsNotAmongThoseGivenIsAMistake) {
  const std::string regions = "topology:\n  regions: { europe: {} }\n  zones: ";
  EXPECT_THAT(wrong(regions + "{ a: { region: europe }, b: { region: eurpoe } }\n"),
              ElementsAre("error 4:48 E020 there is no region 'eurpoe' | did you mean 'europe'?"));
  EXPECT_THAT(wrong(regions + "{ a: { region: europe }, b: {} }\n"),
              ElementsAre(StartsWith("warning 4:35 E024 it lies in a region of its own")));
  EXPECT_THAT(wrong("topology: { zones: { a: { region: eu }, b: { region: us } } }\n"), IsEmpty());
}

TEST(NewNames, AnOverrideThatMakesAZoneIsDoubted) {
  const std::string zones = "topology: { zones: { zone-1: {}, zone-2: {} } }\n";
  EXPECT_THAT(wrong(zones, {"topology.zones.zoen-1.hosts=9"}),
              ElementsAre("warning 1:1 E031 this makes a new 'zoen-1' | did you mean 'zone-1'?"));
  EXPECT_THAT(wrong(zones, {"topology.zones.east.hosts=9"}), IsEmpty());
  EXPECT_THAT(wrong(zones, {"services.payments.database.commit=3ms"}), IsEmpty());
}

TEST(NewNames, ThoseOfTheProgramAreTaken) {
  const std::string own =
      "architecture: own\nworkload: [ { arrivals: poisson(1/s), mix: { a.get: 1 } "
      "} ]\nservices:\n  a: { declared: { endpoints: { get: [ { compute: 1ms } ] } } }\n";
  EXPECT_THAT(wrong(own), IsEmpty());
  for (const char* name : {"clients", "a.database"}) {
    EXPECT_THAT(wrong(own + "  " + name + ": { declared: { endpoints: { get: [] } } }\n"),
                ElementsAre(HasSubstr("give your service another name")))
        << name;
  }
  EXPECT_THAT(wrong("topology: { zones: { internet: {} } }\n"),
              ElementsAre(HasSubstr("give your zone another name")));
  EXPECT_THAT(wrong("topology: { zones: { a: { region: internet } } }\n"),
              ElementsAre(HasSubstr("give your region another name")));
}

constexpr const char* kOrder =
    "workflows: [ { name: order, version: 1, schemaVersion: 2, tasks: [ { name: charge_card, "
    "taskReferenceName: charge, type: SIMPLE } ] } ]\n"
    "workers: { charge: [ { time: 10ms } ] }\n"
    "workload: [ { arrivals: poisson(2/s), workflow: order } ]\n";

TEST(Definitions, OneThatNoTaskUsesIsSaid) {
  const std::string own = std::string("architecture: own\n") + kOrder;
  EXPECT_THAT(wrong(own + "tasks: [ { name: charge_crad, retryCount: 5 } ]\n"),
              ElementsAre("warning 6:18 E024 no task is called 'charge_crad' | did you mean "
                          "'charge_card'?"));
  EXPECT_THAT(wrong(own + "tasks: [ { name: charge_card, retryCount: 5 } ]\n"), IsEmpty());
  EXPECT_THAT(wrong(own + "tasks: [ { name: charge_card }, { name: charge_card } ]\n"),
              ElementsAre(StartsWith("warning 6:41 E024 'charge_card' is defined twice")));
  EXPECT_THAT(wrong("tasks: [ { name: charge_payment, retryCount: 5 } ]\n"),
              Not(testing::Contains(HasSubstr("no task is called"))))
      << "one of the program";
}

TEST(Definitions, OneWhoseTasksAreNamedWhileItRunsMayUseAnything) {
  EXPECT_THAT(
      wrong("architecture: own\nworkflows: [ { name: w, version: 1, schemaVersion: 2, tasks: [ "
            "{ name: d, taskReferenceName: d, type: DYNAMIC, dynamicTaskNameParam: n, "
            "inputParameters: { n: \"${workflow.input.n}\" } } ] } ]\n"
            "workload: [ { arrivals: poisson(2/s), workflow: w } ]\n"
            "tasks: [ { name: charge_card } ]\n"),
      Not(testing::Contains(HasSubstr("no task is called"))));
}

TEST(Definitions, TwoOfOneNameAndVersionAreSaid) {
  const auto workflow = [](int version) {
    return fmt::format(
        "  - {{ name: w, version: {}, schemaVersion: 2, tasks: [ {{ name: t, taskReferenceName: t, "
        "type: NOOP }} ] }}\n",
        version);
  };
  const std::string head =
      "architecture: own\nworkload: [ { arrivals: poisson(2/s), workflow: w } ]\n"
      "workflows:\n";
  EXPECT_THAT(wrong(head + workflow(1) + workflow(2)), IsEmpty());
  EXPECT_THAT(wrong(head + workflow(1) + workflow(1)),
              ElementsAre(StartsWith("warning 6:13 E024 version 1 of 'w' is defined twice")));
}

// Workflows a and b, the tasks of which are given.
std::string two_workflows(const std::string& tasks_of_a, const std::string& tasks_of_b) {
  const auto workflow = [](const char* name, const std::string& tasks) {
    return fmt::format("  - {{ name: {}, version: 1, schemaVersion: 2, tasks: [ {} ] }}\n", name,
                       tasks);
  };
  return "architecture: own\nworkload: [ { arrivals: poisson(2/s), workflow: a } ]\nworkflows:\n" +
         workflow("a", tasks_of_a) + workflow("b", tasks_of_b);
}

std::string starts(const std::string& name) {
  return fmt::format(
      "{{ name: s_{0}, taskReferenceName: s_{0}, type: SUB_WORKFLOW, subWorkflowParam: {{ name: "
      "{0}, "
      "version: 1 }} }}",
      name);
}

TEST(Circles, OfWorkflowsThatCertainlyStartThemselvesAreMistakes) {
  const std::string noop = "{ name: n, taskReferenceName: n, type: NOOP }";
  EXPECT_THAT(wrong(two_workflows(starts("b"), noop)), IsEmpty());
  EXPECT_THAT(wrong(two_workflows(starts("b"), starts("a"))),
              ElementsAre(HasSubstr("it would start itself again and again: a -> b -> a")));
  EXPECT_THAT(wrong(two_workflows(starts("a"), noop)), ElementsAre(HasSubstr("a -> a")));
  EXPECT_THAT(
      wrong(two_workflows("{ name: f, taskReferenceName: f, type: FORK_JOIN, forkTasks: [ [ " +
                              starts("a") +
                              " ] ] }, { name: j, taskReferenceName: j, type: JOIN, joinOn: "
                              "[ s_a ] }",
                          noop)),
      testing::Contains(HasSubstr("a -> a")));
  EXPECT_THAT(wrong(two_workflows("{ name: d, taskReferenceName: d, type: SWITCH, evaluatorType: "
                                  "value-param, expression: go, inputParameters: { go: "
                                  "\"${workflow.input.go}\" }, decisionCases: { again: [ " +
                                      starts("a") + " ] } }",
                                  noop)),
              Not(testing::Contains(HasSubstr("again and again"))))
      << "a case decides about it";
  EXPECT_THAT(wrong(two_workflows("{ name: t, taskReferenceName: t, type: TERMINATE, "
                                  "inputParameters: { terminationStatus: COMPLETED } }, " +
                                      starts("a"),
                                  noop)),
              Not(testing::Contains(HasSubstr("again and again"))));
}

TEST(Circles, OfCallsAreSaid) {
  const auto own = [](const std::string& of_b) {
    return "architecture: own\nworkload: [ { arrivals: poisson(1/s), mix: { a.get: 1 } } ]\n"
           "services:\n"
           "  a: { declared: { endpoints: { get: [ { parallel: [ { call: b.get } ] } ] } } }\n"
           "  b: { declared: { endpoints: { get: [ " +
           of_b + " ], other: [ { compute: 1ms } ] } } }\n";
  };
  EXPECT_THAT(wrong(own("{ call: b.other }")), IsEmpty());
  EXPECT_THAT(
      wrong(own("{ call: a.get }")),
      ElementsAre(HasSubstr("goes round in a circle until a timeout ends it: a.get -> b.get "
                            "-> a.get")));
  EXPECT_THAT(wrong(own("{ call: b.get }")), ElementsAre(HasSubstr("b.get -> b.get")));
  EXPECT_THAT(wrong(own("{ fail: { probability: 100% } }, { call: a.get }")),
              Not(testing::Contains(HasSubstr("circle"))));
}

TEST(Values, ThatNoRunCouldMeetAreMistakes) {
  const auto slo = [](const char* success) {
    return wrong(
        fmt::format("expect: {{ slo: [ {{ request: subscribe, success: \"{}\" }} ] }}\n", success));
  };
  for (const char* never : {">= 101%", "> 100%", "< 0%", "<= 100.5%"})
    EXPECT_THAT(slo(never), ElementsAre(HasSubstr("E013"))) << never;
  for (const char* fine : {">= 100%", "> 99.9%", "<= 0%", "< 1%"})
    EXPECT_THAT(slo(fine), Not(testing::Contains(HasSubstr("E013")))) << fine;
}

TEST(Values, AMixWithoutRequestsIsAMistake) {
  EXPECT_THAT(wrong("workload: [ { arrivals: poisson(5/s), mix: {} } ]\n"),
              ElementsAre(HasSubstr("the mix is empty")));
  EXPECT_THAT(wrong("workload: [ { arrivals: poisson(5/s), mix: } ]\n"), IsEmpty()) << "left out";
}

TEST(Values, AFileTakesEverySeedThatTheCommandLineTakes) {
  EXPECT_THAT(wrong("seed: 18446744073709551615\n"), IsEmpty());
  EXPECT_THAT(wrong("seed: 18446744073709551616\n"), ElementsAre(StartsWith("error 2:7")));
  EXPECT_THAT(wrong("seed: 018446744073709551615\n"), ElementsAre(StartsWith("error 2:7")));
}

TEST(Overrides, OfTheVersionIsLookedAt) {
  EXPECT_THAT(wrong("", {"soundcheck=2"}), ElementsAre(StartsWith("error 1:12 E040")));
  EXPECT_THAT(wrong("", {"soundcheck=1"}), IsEmpty());
}

TEST(Overrides, TakeThresholdsWithoutFurtherQuotes) {
  const std::string slo = "expect: { slo: [ { request: subscribe, p99: \"< 1s\" } ] }\n";
  EXPECT_THAT(wrong(slo, {"expect.slo.0.success=>= 99%"}), IsEmpty());
  EXPECT_THAT(wrong(slo, {"expect.slo.0.success= > 99.9% "}), IsEmpty());
  EXPECT_THAT(wrong(slo, {"expect.slo.0.success=>= 99"}),
              ElementsAre(StartsWith("error 1:22 E013")));
}

TEST(Overrides, ReachNamesWithDots) {
  const std::string own =
      "architecture: own\nworkload: [ { arrivals: poisson(1/s), mix: { a.get: 1 } "
      "} ]\nservices:\n  a: { declared: { endpoints: { get: [ { call: b.get } ] } } }\n"
      "  b: { declared: { endpoints: { get: [] } } }\n";
  EXPECT_THAT(wrong(own, {"services.a.calls.\"b.get\".timeout=3s"}), IsEmpty());
  EXPECT_THAT(wrong(own, {"services.a.calls.'b.get'.timeout=3s"}), IsEmpty());
  EXPECT_THAT(wrong(own, {"workload.0.mix.\"b.get\"=1"}), IsEmpty());
  EXPECT_THAT(wrong(own, {"services.a.calls.\"b.get.timeout=3s"}), ElementsAre(HasSubstr("E031")));
}

// What is wrong with a file of definitions.
Lines wrong_definitions(const std::string& text) {
  const fs::path path = test::own_file().replace_extension(".json");
  std::ofstream(path, std::ios::binary) << text;
  const auto definitions = load_definitions(path);
  fs::remove(path);
  return lines_of(definitions.diagnostics);
}

TEST(Definitions, AFileWithoutAnyIsAMistake) {
  EXPECT_THAT(wrong_definitions("null"), ElementsAre(StartsWith("error 1:1 E010 nothing")));
  EXPECT_THAT(wrong_definitions("[]"), ElementsAre(StartsWith("error 1:1 E010 an empty list")));
  EXPECT_THAT(wrong_definitions("[null]"), ElementsAre(StartsWith("error 1:2 E010")));
}

TEST(Definitions, ANumberThatIsTooLargeIsShownWhereItStands) {
  EXPECT_THAT(wrong_definitions("{\"name\": \"w\",\n \"version\": 1e400, \"tasks\": []}"),
              ElementsAre(testing::AllOf(StartsWith("error 2:13"), HasSubstr("1e400"),
                                         HasSubstr("too large"))));
  EXPECT_THAT(wrong_definitions("{\"name\": \"w\", \"tasks\": [-2e999]}"),
              ElementsAre(HasSubstr("-2e999")));
  EXPECT_THAT(wrong_definitions("{\"name\": }"), ElementsAre(HasSubstr("this is no JSON")));
}

// A workflow that starts another: with a version, or the latest.
std::string starts(const std::string& name, const std::string& other, const std::string& version) {
  return R"({"name": ")" + name + R"(", "schemaVersion": 2, "tasks": [{"name": "c",
    "taskReferenceName": "c", "type": "SUB_WORKFLOW", "subWorkflowParam": {"name": ")" +
         other + "\"" + (version.empty() ? "" : ", \"version\": " + version) + "}}]}";
}

// Of the latest version nobody knows whether it is the one in the file.
TEST(Definitions, ThatStartThemselvesAreMistakesWhereTheVersionIsNamedAndElseDoubtful) {
  EXPECT_THAT(wrong_definitions(starts("a", "a", "1")),
              ElementsAre(testing::AllOf(StartsWith("error 2:"), HasSubstr("E023 "),
                                         HasSubstr("start itself again and again: a -> a"))));
  EXPECT_THAT(wrong_definitions("[" + starts("a", "b", "1") + "," + starts("b", "a", "1") + "]"),
              ElementsAre(testing::AllOf(StartsWith("error"), HasSubstr("E023"),
                                         HasSubstr("again and again: a -> b -> a"))));
  for (const auto& [there, back] : {std::pair("", ""), std::pair("1", ""), std::pair("", "1")}) {
    EXPECT_THAT(
        wrong_definitions("[" + starts("a", "b", there) + "," + starts("b", "a", back) + "]"),
        ElementsAre(testing::AllOf(StartsWith("warning"), HasSubstr("E024"),
                                   HasSubstr("unless another version of one is there, too"))));
  }
  EXPECT_THAT(wrong_definitions(starts("a", "a", "2")), IsEmpty()) << "of which we know nothing";
  EXPECT_THAT(wrong_definitions(starts("a", "b", "1")), IsEmpty());
}

}  // namespace
}  // namespace soundcheck
