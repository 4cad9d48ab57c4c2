#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

std::vector<std::string> parameters_of(const FaultSpec& spec) {
  std::vector<std::string> parameters;
  for (const FaultProblem& problem : problems_of(spec)) {
    EXPECT_FALSE(problem.sentence.empty());
    EXPECT_FALSE(problem.sentence.ends_with("."));
    parameters.push_back(problem.parameter);
  }
  return parameters;
}
using Wrong = std::vector<std::string>;

FaultSpec sound_partition() {
  FaultSpec spec = fault_of("network.partition");
  spec.at = 1_s;
  spec.lasts = 1_s;
  spec.target.from = "payments";
  return spec;
}

TEST(FaultProblems, ASoundFaultHasNone) {
  EXPECT_EQ(parameters_of(sound_partition()), Wrong{});
  FaultSpec aimed = fault_of("process.crash");
  aimed.when = FaultAim{.saga = "subscribe"};
  EXPECT_EQ(parameters_of(aimed), Wrong{}) << "the involved process needs no target";
}

TEST(FaultProblems, AFaultNeedsOneMoment) {
  FaultSpec spec = sound_partition();
  spec.at.reset();
  EXPECT_EQ(parameters_of(spec), Wrong{""});
  spec.at = -1_s;
  EXPECT_EQ(parameters_of(spec), Wrong{"at"});
  spec = sound_partition();
  spec.when = FaultAim{};
  EXPECT_EQ(parameters_of(spec), Wrong{"when"});
  spec = sound_partition();
  spec.every = Distribution::constant(0_s);
  EXPECT_EQ(parameters_of(spec), Wrong{"every"});
  spec = crash_of("payments", {ReplicaRole::Kind::kInvolved});
  spec.when = FaultAim{.occurrence = 2, .occurrences = 3};
  EXPECT_EQ(parameters_of(spec), Wrong{"when.occurrences"});
}

TEST(FaultProblems, ALastingFaultThatRepeatsMustEnd) {
  FaultSpec spec = sound_partition();
  spec.every = Distribution::constant(5_s);
  EXPECT_EQ(parameters_of(spec), Wrong{});
  spec.lasts.reset();
  EXPECT_EQ(parameters_of(spec), Wrong{"every"});
  FaultSpec crash = crash_of("payments", replica(0));
  crash.every = Distribution::constant(5_s);
  EXPECT_EQ(parameters_of(crash), Wrong{});
  crash.lasts = 1_s;
  EXPECT_EQ(parameters_of(crash), Wrong{"for"}) << "it has a restart of its own";
  FaultSpec aimed = fault_of("rpc.error");
  aimed.target.service = "payments";
  aimed.when = FaultAim{.phase = *parse_aim_point("before")};
  aimed.lasts = 1_s;
  EXPECT_EQ(parameters_of(aimed), Wrong{"for"});
}

TEST(FaultProblems, ATargetMustFitTheKind) {
  FaultSpec spec = sound_partition();
  spec.target = {};
  EXPECT_EQ(parameters_of(spec), Wrong{"target"});
  spec.target.from = "payments";
  spec.target.zone = "eu-a";
  EXPECT_EQ(parameters_of(spec), Wrong{"target"});
  FaultSpec crash = crash_of("payments", replica(0));
  crash.at = 1_s;
  crash.target = FaultTarget{.to = "payments"};
  EXPECT_EQ(parameters_of(crash), Wrong{"target.from"});
  FaultSpec error = fault_of("rpc.error");
  error.at = 1_s;
  error.target.zone = "eu-a";
  EXPECT_EQ(parameters_of(error), Wrong{"target.zone"});
  error.target = FaultTarget{.from = "payments", .method = "charge"};
  EXPECT_EQ(parameters_of(error), Wrong{"target.method"}) << "whose method?";
  spec = sound_partition();
  spec.target.to = "auth";
  spec.target.method = "charge";
  EXPECT_EQ(parameters_of(spec), Wrong{"target.method"});
}

TEST(FaultProblems, ARoleNeedsReplicasAndAnInvolvedOneNeedsAnAim) {
  FaultSpec spec = sound_partition();
  spec.target.replica = replica(1);
  EXPECT_EQ(parameters_of(spec), Wrong{"target.replica"});
  FaultSpec crash = crash_of("payments", {ReplicaRole::Kind::kInvolved});
  crash.at = 1_s;
  EXPECT_EQ(parameters_of(crash), Wrong{"target.replica"});
  FaultSpec database = fault_of("process.crash");
  database.target.database = "payments";
  database.when = FaultAim{.phase = *parse_aim_point("before-reply")};
  EXPECT_EQ(parameters_of(database), Wrong{"when.phase"});
  database.when->phase = *parse_aim_point("in-commit");
  EXPECT_EQ(parameters_of(database), Wrong{});
}

TEST(ReplicaRole, IsReadAsWordOrNumber) {
  EXPECT_EQ(parse_replica_role("involved")->kind, ReplicaRole::Kind::kInvolved);
  EXPECT_EQ(*parse_replica_role("3"), replica(3));
  for (const char* word : {"all", "any", "one", "minority", "majority", "involved", "12"}) {
    EXPECT_EQ(to_text(*parse_replica_role(word)), word);
  }
  EXPECT_FALSE(parse_replica_role("-1").has_value());
  EXPECT_FALSE(parse_replica_role("minorty").has_value());
}

TEST(FaultProblems, AKindStrikesOnlyWhereItsVerdictsArePermitted) {
  FaultDefinition twice{.name = "rpc.duplicate",
                        .parameters = find_fault_kind("host.down")->parameters,
                        .reach = Reach::kCalls,
                        .may_break = Guarantees::none(),
                        .verdicts = VerdictSet(Verdict::Action::kDuplicate)};
  FaultSpec spec;
  spec.target.service = "payments";
  spec.when = FaultAim{.phase = *parse_aim_point("rpc.request-sent")};
  EXPECT_TRUE(problems_of(spec, twice).empty());
  spec.when->phase = *parse_aim_point("before-reply");
  ASSERT_EQ(problems_of(spec, twice).size(), 1U);
  const FaultProblem problem = problems_of(spec, twice)[0];
  EXPECT_EQ(problem.parameter, "when.phase");
  EXPECT_EQ(problem.sentence,
            "rpc.duplicate comes to duplicate, but before-reply permits only pass, delay, drop, "
            "fail, crash");
  EXPECT_EQ(problem.hint, "use one of: rpc.request-sent");
  spec.when->phase.reset();
  ASSERT_EQ(problems_of(spec, twice).size(), 1U) << "no phase permits it";
  EXPECT_EQ(problems_of(spec, twice)[0].hint, "name a failpoint as phase: rpc.request-sent");
}

}  // namespace
}  // namespace soundcheck
