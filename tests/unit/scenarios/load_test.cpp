#include "scenarios/model/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scenarios/document/yaml.hpp"
#include "sim/core/random.hpp"
#include "tests/unit/scenarios/example_catalogue.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadScenario : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name() / "scenarios";
    fs::remove_all(folder_.parent_path());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_.parent_path()); }

  fs::path write(const std::string& name, const std::string& content) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  Checked<Scenario> load(const std::string& content, const Overrides& overrides = {}) {
    return load_scenario(write("main.yaml", content), overrides, example_catalogue());
  }
  std::vector<std::string> mistakes(const std::string& content, const Overrides& overrides = {}) {
    return lines(load(content, overrides));
  }
  static std::vector<std::string> lines(const Checked<Scenario>& checked) {
    std::vector<std::string> result;
    for (const Mistake& m : checked.diagnostics.mistakes()) {
      result.push_back(to_text(m.code) + " " + m.path + ": " + m.sentence);
    }
    return result;
  }

  fs::path folder_;
};

TEST_F(LoadScenario, TheSmallestScenarioHasEveryDefault) {
  const auto scenario = load("soundcheck: 1\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(scenario->name, "main");
  EXPECT_EQ(scenario->seed, 1u);
  EXPECT_EQ(scenario->architecture, "microservices");
  EXPECT_EQ(scenario->duration, Duration::minutes(1));
  EXPECT_FALSE(scenario->settle.limit);
  EXPECT_EQ(scenario->services.names(), (std::vector<std::string>{"gateway", "payments", "auth",
                                                                  "albums", "users", "analytics"}));
  EXPECT_EQ(scenario->topology.zones.names(), std::vector<std::string>{"zone-1"});
  EXPECT_EQ(scenario->topology.regions.names(), std::vector<std::string>{"region-1"});
  ASSERT_EQ(scenario->workload.size(), 1u);
  EXPECT_EQ(scenario->workload[0].arrivals->rate, Rate::per_second(50));
  EXPECT_EQ(scenario->workload[0].mix, example_catalogue().default_mix);
  EXPECT_EQ(scenario->expect.invariants.kind, InvariantSelection::Kind::kAll);
}

TEST_F(LoadScenario, TheExampleOfTheFormatMeansWhatItSays) {
  const fs::path path =
      fs::path(SOUNDCHECK_SOURCE_DIR) / "tests/config/good/scenarios/everything.yaml";
  const auto scenario = load_scenario(path, {}, example_catalogue());
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(scenario->duration, Duration::minutes(10));
  const ScenarioService& payments = *scenario->services.find("payments");
  EXPECT_EQ(payments.replicas, 4) << "the main file wins over the include";
  EXPECT_EQ(payments.workers, 32u) << "the include wins over the default";
  EXPECT_EQ(to_text(payments.endpoints.find("charge")->cpu), "lognormal(median 2ms, p99 8ms)");
  EXPECT_EQ(payments.endpoints.find("charge")->request, Bytes::bytes(900));
  const CallPolicy& auth = *payments.calls.find("auth");
  EXPECT_EQ(auth.retry.attempts, 3);
  EXPECT_EQ(auth.retry.backoff.text(), "exponential(50ms, max 1s)");
  EXPECT_EQ(auth.breaker->text(), "sliding-window(50%, calls 20, window 10s, open 5s)");
  const auto& steps =
      *scenario->services.find("recommendations")->declared->endpoints.find("for-user");
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_EQ(steps[2].steps[1].call, "analytics.history");
  EXPECT_EQ(steps[4].probability, Probability::of(0.001));
  EXPECT_EQ(scenario->workload[0].shape.points[3].share, Percentage::of(0.4));
  EXPECT_EQ(*scenario->workload[0].mix.find("stream-song"), 70);
  EXPECT_EQ(scenario->faults[0].lasts, Duration::seconds(90));
  EXPECT_EQ(scenario->faults[1].when->chance, Probability::of(0.02));
  EXPECT_EQ(to_text(*scenario->faults[2].every), "exponential(2m)");
  EXPECT_TRUE(scenario->expect.objectives[0].success->holds(Percentage::of(0.999)));
  EXPECT_FALSE(scenario->expect.objectives[0].p99->holds(Duration::milliseconds(400)));
  EXPECT_EQ(scenario->expect.objectives[1].during, Period::kFaults);
}

TEST_F(LoadScenario, ALoadOfConstantRateKeepsItsExactInterval) {
  const auto scenario = load("soundcheck: 1\nworkload: [ { arrivals: every 5ms } ]\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(scenario->workload[0].arrivals->interval, Duration::milliseconds(5));
  EXPECT_EQ(scenario->workload[0].arrivals->rate, Rate::per_second(200));
}

TEST_F(LoadScenario, AnOverrideIsAText) {
  const auto checked = load("soundcheck: 1\n", {"about=\x1b[2J"});
  ASSERT_EQ(checked.diagnostics.size(), 1u);
  EXPECT_EQ(checked.diagnostics.mistakes()[0].code, MistakeCode::kBadOverride);
  EXPECT_EQ(checked.diagnostics.text().find('\x1b'), std::string::npos);
  EXPECT_FALSE(load("soundcheck: 1\n", {"about=\xff"}));
}

TEST_F(LoadScenario, OverridesChangeOneValueAndAreCheckedAlike) {
  const std::string text =
      "soundcheck: 1\nseed: 3\nworkload: [ { name: day, arrivals: poisson(1/s) } ]\n"
      "services: { payments: { calls: { auth.verify: { timeout: 1s } } } }\n";
  const auto scenario =
      load(text, {"seed=9", "services.payments.replicas=5", "hosts={cpu: fifo, cores: 2}",
                  "workload.day.arrivals=poisson(7/s)", "workload[0].shape=[[0s, 10%]]",
                  "services.payments.calls.auth.verify.timeout=3s", "business.trial=uniform"});
  EXPECT_THAT(lines(scenario),
              ElementsAre(HasSubstr("E013 business.trial: 'uniform' is not a duration")));
  EXPECT_THAT(scenario.diagnostics.text(), HasSubstr("--set:1:16: error[E013]: business.trial"));
  EXPECT_THAT(scenario.diagnostics.text(),
              HasSubstr("    1 | business.trial=uniform\n      |                ^^^^^^^"));
  const auto good =
      load(text, {"seed=9", "services.payments.replicas=5", "hosts={cpu: fifo, cores: 2}",
                  "workload.day.arrivals=poisson(7/s)", "workload[0].shape=[[0s, 10%]]",
                  "services.payments.calls.auth.verify.timeout=3s"});
  ASSERT_TRUE(good) << good.diagnostics.text();
  EXPECT_EQ(good->seed, 9u);
  EXPECT_EQ(good->services.find("payments")->replicas, 5);
  EXPECT_EQ(good->hosts.cores, 2);
  EXPECT_EQ(good->workload[0].arrivals->rate, Rate::per_second(7));
  EXPECT_EQ(good->workload[0].shape.points.size(), 1u);
  EXPECT_EQ(good->services.find("payments")->calls.find("auth.verify")->timeout,
            Duration::seconds(3));
}

TEST_F(LoadScenario, OverridesThatCannotBeAppliedAreMistakes) {
  EXPECT_THAT(mistakes("soundcheck: 1\nfaults: []\n",
                       {"seed", "=3", "faults.0.at=3s", "servces.payments.replicas=3", "seed=: ["}),
              ElementsAre("E031 : --set takes path=value", "E031 : --set takes path=value",
                          "E031 : no element '0' in a list of 0",
                          "E012 servces: unknown field 'servces' of scenario",
                          HasSubstr("E002 : a '[' is not closed")));
}

TEST_F(LoadScenario, IncludesAreMergedBelowTheFileThatNamesThem) {
  write("parts/a.yaml", "hosts: { cores: 2, speed: 3 }\ninclude: b.yaml\ndefects: [blind_undo]\n");
  write("parts/b.yaml", "hosts: { cores: 8, cpu: fifo }\n");
  const auto scenario = load(
      "soundcheck: 1\ninclude: [parts/a.yaml, parts/b.yaml]\nhosts: { speed: 5 }\n"
      "defects: [capture_without_key]\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(scenario->hosts.speed, 5);
  EXPECT_EQ(scenario->hosts.cores, 8) << "later includes win over earlier ones";
  EXPECT_EQ(scenario->hosts.cpu, Sharing::kFifo);
  EXPECT_THAT(scenario->defects, ElementsAre("capture_without_key")) << "lists are replaced";
}

TEST_F(LoadScenario, NothingOutsideTheProjectIsReadNotEvenThroughALink) {
  fs::create_directory_symlink("/etc", folder_ / "link");
  EXPECT_THAT(mistakes("soundcheck: 1\ninclude: [link/passwd, /etc/passwd]\n"),
              ElementsAre(HasSubstr("E030 : 'link/passwd' lies outside"),
                          HasSubstr("E030 : '/etc/passwd' lies outside")));
}

TEST_F(LoadScenario, FilesThatAreNoScenariosAreRefused) {
  const auto code_of = [&](const fs::path& path) {
    const auto checked = load_scenario(path, {}, example_catalogue());
    return checked.diagnostics.size() == 1 ? lines(checked)[0] : checked.diagnostics.text();
  };
  EXPECT_THAT(code_of(folder_ / "missing.yaml"), HasSubstr("E001 : there is no file"));
  EXPECT_THAT(code_of(folder_), HasSubstr("is a folder"));
  EXPECT_THAT(code_of("/dev/zero"), HasSubstr("is not an ordinary file"));
  EXPECT_THAT(code_of(write("binary", std::string("soundcheck: 1\n\0x", 16))),
              HasSubstr("is not a text file: byte 0x00 in line 2"));
  EXPECT_THAT(code_of(write("latin1", "about: caf\xe9\n")),
              HasSubstr("is not a text file: byte 0xe9"));
  EXPECT_THAT(code_of(write("large", std::string(5 << 20, '#'))),
              HasSubstr("is larger than 4 MiB"));
  EXPECT_THAT(code_of(write("empty", "")), HasSubstr("E011 : 'soundcheck' of scenario is missing"));
}

TEST_F(LoadScenario, AnEmpiricalDistributionIsReadNextToTheFileThatNamesIt) {
  write("parts/latency.csv", "latency\n1ms\n3ms\n");
  write("parts/a.yaml",
        "services: { payments: { endpoints: { charge: { cpu: empirical(latency.csv) } } } }\n");
  const auto scenario = load("soundcheck: 1\ninclude: parts/a.yaml\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(scenario->services.find("payments")->endpoints.find("charge")->cpu.mean(),
            Duration::milliseconds(2));
}

TEST_F(LoadScenario, SettingsOfAFaultAreThoseOfItsKind) {
  const auto scenario = load(
      "soundcheck: 1\nfaults:\n  - { at: 1s, kind: network.delay, delay: 5ms, direction: both, "
      "target: { from: users, to: auth } }\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  const FaultSpec& fault = scenario->faults[0];
  EXPECT_EQ(fault.name, "network.delay users -> auth");
  EXPECT_EQ(to_json(fault.settings.table()->print(fault.settings.object())),
            Json::parse(R"({"delay": "5ms", "direction": "both"})"));
}

TEST_F(LoadScenario, DiagnosticsAreAlsoJson) {
  const auto checked = load("soundcheck: 1\nhosts: { cors: 3 }\n");
  ASSERT_EQ(checked.diagnostics.json().size(), 1u);
  const Json mistake = checked.diagnostics.json()[0];
  EXPECT_EQ(mistake["line"], 2);
  EXPECT_EQ(mistake["column"], 10);
  EXPECT_EQ(mistake["code"], "E012");
  EXPECT_EQ(mistake["path"], "hosts.cors");
  EXPECT_EQ(mistake["hint"], "did you mean 'cores'?");
}

// Damaged scenarios load or are explained; sanitizers watch it.
TEST_F(LoadScenario, DamagedScenariosAreExplained) {
  const fs::path good =
      fs::path(SOUNDCHECK_SOURCE_DIR) / "tests/config/good/scenarios/everything.yaml";
  const auto original = read_text_file(good);
  ASSERT_TRUE(original);
  RandomStream random(5, "load-fuzz");
  const std::string alphabet = "abz019:-,[]{}&*\"'%# \n()<.~";
  for (int i = 0; i < 300; ++i) {
    std::string text = *original;
    if (i % 3 == 0) text.resize(random.below(text.size()));
    for (int k = 0; k < 4 && !text.empty(); ++k) {
      text[random.below(text.size())] = alphabet[random.below(alphabet.size())];
    }
    const auto checked = load(text);
    EXPECT_EQ(checked.value.has_value(), checked.diagnostics.empty());
    EXPECT_EQ(checked.diagnostics.text().empty(), checked.diagnostics.empty());
  }
}

}  // namespace
}  // namespace soundcheck
