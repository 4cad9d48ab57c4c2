#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/faults/fault_fixture.hpp"

namespace soundcheck {
namespace {

TEST(FaultKinds, AreRegisteredInAlphabeticalOrderAndFoundByName) {
  std::vector<std::string_view> names;
  for (const FaultDefinition* const kind : fault_kinds()) {
    names.push_back(kind->name);
    EXPECT_EQ(find_fault_kind(kind->name), kind);
  }
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(find_fault_kind("process.crush"), nullptr);
}

TEST(FaultKinds, DeclareEverythingThatAnExplanationNeeds) {
  for (const FaultDefinition* const kind : fault_kinds()) {
    EXPECT_EQ(kind->parameters->name(), kind->name);
    EXPECT_TRUE(kind->help().ends_with(".")) << kind->name;
    EXPECT_NE(kind->inject, nullptr) << kind->name;
    EXPECT_NE(kind->sample, nullptr) << kind->name;
    const bool decides = kind->verdicts.contains(Verdict::Action::kDelay) ||
                         kind->verdicts.contains(Verdict::Action::kDrop) ||
                         kind->verdicts.contains(Verdict::Action::kDuplicate) ||
                         kind->verdicts.contains(Verdict::Action::kFail);
    EXPECT_EQ(decides, kind->verdict != nullptr) << kind->name;
    EXPECT_FALSE(target_fields_of(kind->reach).empty()) << kind->name;
    for (const Parameter& parameter : kind->parameters->parameters()) {
      EXPECT_FALSE(parameter.help.empty()) << kind->name << " " << parameter.name;
    }
  }
}

TEST(FaultKinds, HaveNoParameterOfTheCommonPartOfAFault) {
  for (const FaultDefinition* const kind : fault_kinds()) {
    for (const char* name : {"name", "kind", "at", "every", "when", "for", "target", "may-miss"}) {
      EXPECT_EQ(kind->parameters->find(name), nullptr) << kind->name << " " << name;
    }
  }
}

TEST(FaultKinds, SayWhichGuaranteesTheyKeep) {
  for (const FaultDefinition* const kind : fault_kinds()) {
    EXPECT_TRUE(kind->may_break.empty()) << kind->name << ": none of the first ones breaks any";
  }
  EXPECT_EQ(describe_guarantees(Guarantees::none()),
            "keeps durability, uniqueness, clock, outside contract");
  EXPECT_EQ(describe_guarantees(Guarantees{Guarantee::kClock, Guarantee::kDurability}),
            "keeps uniqueness, outside contract; may break durability, clock");
}

TEST(FaultKinds, TakeTargetsByTheirReach) {
  EXPECT_TRUE(find_fault_kind("process.crash")->takes(TargetForm::kDatabase));
  EXPECT_FALSE(find_fault_kind("process.crash")->takes(TargetForm::kRoute));
  EXPECT_TRUE(find_fault_kind("network.delay")->takes(TargetForm::kRoute));
  EXPECT_FALSE(find_fault_kind("rpc.error")->takes(TargetForm::kZone));
  EXPECT_EQ(target_fields_of(Reach::kCalls),
            (std::vector<std::string_view>{"service", "replica", "from", "to", "method"}));
}

}  // namespace
}  // namespace soundcheck
