#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::IsEmpty;

// What is wrong with one fault of an otherwise empty scenario of the reference architecture, as
// "code path: hint".
std::vector<std::string> mistakes_of(const std::string& faults) {
  const fs::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\nduration: 10s\nfaults:\n" << faults;
  const Checked<Scenario> checked = load_scenario(path, {}, reference_catalogue());
  fs::remove(path);
  std::vector<std::string> mistakes;
  for (const Mistake& mistake : checked.diagnostics.mistakes()) {
    EXPECT_EQ(mistake.position.line, 4) << mistake.sentence;
    mistakes.push_back(fmt::format("{} {}: {}", to_text(mistake.code), mistake.path, mistake.hint));
  }
  return mistakes;
}

std::vector<std::string> mistakes_in(const std::string& fault) {
  return mistakes_of("  - { " + fault + " }\n");
}

TEST(FaultRules, ARepeatedFaultNeedsTimeBetweenItsStrikes) {
  const std::string crash = ", kind: process.crash, target: { service: payments }";
  EXPECT_THAT(mistakes_in("every: 0s" + crash),
              ElementsAre("E021 faults.0.every: write 1ms or more"));
  EXPECT_THAT(mistakes_in("every: 'uniform(0s, 1us)'" + crash),
              ElementsAre("E021 faults.0.every: write 1ms or more"));
  EXPECT_THAT(mistakes_in("every: 1ms" + crash), IsEmpty());
  EXPECT_THAT(mistakes_in("every: 1s, kind: network.partition, target: { from: auth }"),
              ElementsAre("E021 faults.0.every: say how long it lasts with for"));
}

TEST(FaultRules, AFaultStrikesSomethingThatItsKindKnows) {
  EXPECT_THAT(mistakes_in("at: 1s, kind: process.crash"),
              ElementsAre("E021 faults.0.target: it takes service, database, host, zone, region"));
  EXPECT_THAT(mistakes_in("at: 1s, kind: host.down, target: { service: auth, zone: zone-1 }"),
              ElementsAre("E021 faults.0.target: make it two faults"));
  EXPECT_THAT(
      mistakes_in("at: 1s, kind: rpc.error, target: { from: gateway, method: authenticate }"),
      ElementsAre("E021 faults.0.target.method: name the service, as service or to"));
}

TEST(FaultRules, AnAimedFaultStrikesWhereItsKindCan) {
  EXPECT_THAT(
      mistakes_in("when: { saga: subscribe, phase: after-commit }, kind: rpc.error"),
      ElementsAre("E021 faults.0.when.phase: use one of: before, before-reply, after-reply"));
  EXPECT_THAT(mistakes_in("when: { occurrence: 2, occurrences: 3 }, kind: process.crash"),
              ElementsAre("E021 faults.0.when.occurrences: remove one of them"));
  EXPECT_THAT(mistakes_in("when: { phase: before, service: auth, undo: false, attempt: 2, "
                          "occurrences: 3 }, kind: process.crash"),
              IsEmpty());
  EXPECT_THAT(mistakes_in("when: { step: charge_paymnt }, kind: process.crash"),
              ElementsAre("E020 faults.0.when.step: did you mean 'charge_payment'?"));
}

TEST(FaultRules, TargetsExist) {
  EXPECT_THAT(mistakes_in("at: 1s, kind: host.down, target: { host: payment-0 }"),
              ElementsAre("E020 faults.0.target.host: did you mean 'payments-0'?"));
  EXPECT_THAT(mistakes_in("at: 1s, for: 1s, kind: host.down, target: { host: payments-0 }"),
              IsEmpty());
  EXPECT_THAT(mistakes_in("at: 1s, kind: process.crash, target: { database: payments }"),
              IsEmpty());
  EXPECT_THAT(mistakes_in("at: 1s, kind: process.crash, target: { database: payment }"),
              ElementsAre("E020 faults.0.target.database: did you mean 'payments'?"));
  EXPECT_THAT(mistakes_in("at: 1s, kind: network.partition, "
                          "target: { from: clients, to: payments.database }"),
              IsEmpty());
  EXPECT_THAT(mistakes_in("at: 1s, kind: rpc.error, target: { to: auth, method: authorise }"),
              ElementsAre(testing::StartsWith("E020 faults.0.target.method: ")));
}

TEST(FaultRules, RolesAreThoseThatAFaultCanPlay) {
  for (const std::string& role : replica_role_words()) {
    const std::string when = role == "involved" ? "when: {}" : "at: 1s";
    EXPECT_THAT(mistakes_in(when + ", kind: process.crash, target: { service: auth, replica: " +
                            role + " }"),
                IsEmpty())
        << role;
  }
  EXPECT_THAT(
      mistakes_in("at: 1s, kind: process.crash, target: { service: auth, replica: primary }"),
      ElementsAre("E022 faults.0.target.replica: "
                  "name the database as target in place of service and replica"));
  EXPECT_THAT(mistakes_in("at: 1s, kind: process.crash, target: { database: auth, replica: 1 }"),
              ElementsAre("E014 faults.0.target.replica: "));
}

TEST(FaultNames, SayWhatAFaultDoesAndNothingAboutTheOthers) {
  const auto named = [](std::vector<FaultSpec> faults) {
    name_faults(faults);
    std::vector<std::string> names;
    for (const FaultSpec& fault : faults) names.push_back(fault.name);
    return names;
  };
  FaultSpec crash;
  crash.kind = "process.crash";
  crash.target.service = "payments";
  FaultSpec aimed = crash;
  aimed.target.replica = ReplicaRole{ReplicaRole::Kind::kInvolved};
  aimed.when =
      FaultAim{.saga = "subscribe", .step = "charge_payment", .phase = *parse_aim_point("before")};
  FaultSpec delay;
  delay.kind = "network.delay";
  delay.target.from = "payments";
  FaultSpec own = crash;
  own.name = "friday";
  const std::string at = "process.crash payments at subscribe.charge_payment before";
  EXPECT_THAT(named({crash, aimed, delay}),
              ElementsAre("process.crash payments", at, "network.delay payments -> all"));
  EXPECT_THAT(named({delay, own, crash, aimed}),
              ElementsAre("network.delay payments -> all", "friday", "process.crash payments", at))
      << "others in front of it change no name";
  EXPECT_THAT(named({crash, crash}),
              ElementsAre("process.crash payments", "process.crash payments (2)"));
}

TEST(FaultNames, AreNotGivenTwice) {
  EXPECT_THAT(mistakes_of("  - { name: a, at: 1s, kind: process.crash, target: { service: auth } }"
                          "\n"),
              IsEmpty());
  EXPECT_THAT(
      mistakes_of("  [ { name: a, at: 1s, kind: process.crash, target: { service: auth } },"
                  " { name: a, at: 2s, kind: process.crash, target: { service: users } } ]\n"),
      ElementsAre("E021 faults.1.name: give one of them another name"));
}

}  // namespace
}  // namespace soundcheck
