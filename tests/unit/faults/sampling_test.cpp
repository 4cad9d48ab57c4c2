#include "faults/sampling.hpp"

#include <gtest/gtest.h>

#include <set>

#include "faults/fault_problems.hpp"

namespace soundcheck {
namespace {

FaultSpace example_space() {
  return {.length = 60_s,
          .services = {{"payments", 3}, {"auth", 2}, {"psp", 1}},
          .databases = {"payments", "auth"},
          .hosts = {"payments-0"},
          .zones = {"eu-a"},
          .regions = {"eu"},
          .steps = {{"subscribe", "charge_payment"}, {"subscribe", "activate"}}};
}

TEST(Sampling, EveryKindDrawsFaultsWithoutProblemsInEveryFormThatItTakes) {
  for (const FaultDefinition* const kind : fault_kinds()) {
    RandomStream random(7, kind->name);
    std::set<TargetForm> forms;
    std::set<std::string> parameters;
    int at = 0;
    int every = 0;
    int aimed = 0;
    for (int i = 0; i < 1000; ++i) {
      const FaultSpec spec = sample_fault(*kind, example_space(), random);
      ASSERT_EQ(spec.kind, kind->name);
      ASSERT_TRUE(problems_of(spec).empty()) << problems_of(spec).front().sentence;
      for (const TargetForm form : spec.target.forms()) forms.insert(form);
      Mistakes mistakes;
      ParameterReader reader(mistakes);
      const ParameterNode written = kind->parameters->print(spec.settings.object());
      Settings read(*kind->parameters);
      kind->parameters->read(written, read.object(), reader);
      ASSERT_TRUE(mistakes.empty()) << kind->name << ": " << mistakes.front().sentence;
      std::string text;
      for (const auto& entry : written.entries) text += entry.value.text + " ";
      parameters.insert(text);
      at += spec.at ? 1 : 0;
      every += spec.every ? 1 : 0;
      aimed += spec.when ? 1 : 0;
    }
    EXPECT_EQ(forms.size(), targets_of(kind->reach).size()) << kind->name;
    // Of 1000 draws, a third each; the standard deviation is 15.
    for (const int count : {at, every, aimed}) EXPECT_NEAR(count, 333, 75) << kind->name;
    if (!kind->parameters->parameters().empty()) {
      EXPECT_GT(parameters.size(), 1U) << kind->name << ": the same parameters each time";
    }
  }
}

TEST(Sampling, DurationsAreSpreadOverOrdersOfMagnitude) {
  RandomStream random(3, "durations");
  int below_10_ms = 0;
  for (int i = 0; i < 3000; ++i) {
    const Duration drawn = sample_duration(random, 1_ms, 1_s);
    ASSERT_GE(drawn, 1_ms);
    ASSERT_LE(drawn, 1_s);
    below_10_ms += drawn < 10_ms ? 1 : 0;
  }
  EXPECT_NEAR(below_10_ms, 1000, 130) << "one of three orders of magnitude; 5 deviations of 26";
}

TEST(Sampling, DrawsTheSameFromTheSameStream) {
  const auto draw = [] {
    RandomStream random(11, "plan");
    std::string text;
    for (int i = 0; i < 50; ++i) {
      const FaultDefinition& kind = *fault_kinds()[random.below(fault_kinds().size())];
      const FaultSpec spec = sample_fault(kind, example_space(), random);
      for (const auto& entry : FaultSpec::parameters().print(&spec).entries)
        text += entry.name + entry.value.text + ";";
    }
    return text;
  };
  EXPECT_EQ(draw(), draw());
}

}  // namespace
}  // namespace soundcheck
