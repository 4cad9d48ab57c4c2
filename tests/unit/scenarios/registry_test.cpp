#include "models/registry/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "scenarios/assembly/invariants.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/assembly/system.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

// What is registered exists for the program, whatever the list is.
namespace soundcheck {
namespace {

using testing::ElementsAreArray;

Scenario scenario_that_says(const std::string& content) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\nfidelity: direct\n" << content;
  auto scenario = load_scenario(path, {}, reference_catalogue());
  EXPECT_TRUE(scenario) << scenario.diagnostics.text();
  return *scenario;
}

TEST(Registry, DescribesEverythingThatItHolds) {
  for (const ServiceBlueprint& service : registered_services()) {
    EXPECT_FALSE(service.help.empty()) << service.name;
    EXPECT_FALSE(service.methods.empty() && service.tasks.empty()) << service.name;
    for (const MethodBinding& method : service.methods)
      EXPECT_EQ(method.name.service, service.name);
    if (service.schema.empty()) {
      EXPECT_TRUE(service.seed_rows.empty() && service.invariants.empty()) << service.name;
    }
  }
  for (const Parameter& parameter : business_parameters().parameters())
    EXPECT_FALSE(parameter.help.empty()) << parameter.name;
  for (const SeededDefect& defect : seeded_defects()) EXPECT_FALSE(defect.help.empty());
}

TEST(Registry, IsWhatAScenarioCanName) {
  const Catalogue& catalogue = reference_catalogue();
  std::vector<std::string> services, defects, requests;
  for (const ServiceBlueprint& service : registered_services()) services.push_back(service.name);
  for (const SeededDefect& defect : seeded_defects()) defects.emplace_back(defect.name);
  for (const RequestType& type : request_types()) requests.emplace_back(type.name);
  EXPECT_THAT(catalogue.architectures.begin()->second.services.names(), ElementsAreArray(services));
  EXPECT_THAT(catalogue.defects.names(), ElementsAreArray(defects));
  EXPECT_THAT(catalogue.request_types.names(), ElementsAreArray(requests));
  EXPECT_THAT(catalogue.invariants.names().size(), reference_invariants().size());
  for (const ServiceBlueprint& service : registered_services()) {
    const CatalogueService* const entry =
        catalogue.architectures.begin()->second.services.find(service.name);
    EXPECT_EQ(entry->help, service.help);
    EXPECT_EQ(entry->is_outside, service.outside);
    EXPECT_EQ(entry->defaults.replicas, service.replicas);
    for (const MethodBinding& method : service.methods) {
      EXPECT_EQ(entry->defaults.endpoints.find(method.name.method)->cpu,
                service.cost_of(method.name.method));
    }
  }
}

TEST(Registry, IsPlacedAndRunsInAScenarioThatSaysNothing) {
  const Scenario scenario = scenario_that_says("duration: 1s\npopulation: { users: 50 }\n");
  System system(scenario, 1);
  system.start_processes();
  World& world = system.world();
  for (const ServiceBlueprint& service : registered_services()) {
    const ServiceId id = world.service_named(service.name);
    ASSERT_TRUE(id.valid()) << service.name;
    EXPECT_EQ(world.replicas(id).size(), static_cast<std::size_t>(service.replicas));
    for (const ProcessId process : world.replicas(id))
      EXPECT_TRUE(world.running(process)) << service.name;
    EXPECT_EQ(world.service_named(database_of(service.name)).valid(), !service.schema.empty())
        << service.name;
  }
  system.start_load();
  world.kernel().run(Time::at(2_s));
}

TEST(Registry, HandsTheValuesOfBusinessToTheServicesThatDeclareThem) {
  const std::shared_ptr<void> defaults = business_parameters().make();
  for (const Parameter& parameter : business_parameters().parameters()) {
    const std::string value = parameter.print(defaults.get()).text;
    const Scenario scenario =
        scenario_that_says("business: { " + parameter.name + ": '" + value + "' }\n");
    EXPECT_EQ(parameter.print(scenario.business.object()).text, value);
  }
  const Scenario scenario =
      scenario_that_says("business: { subscribed: 100% }\npopulation: { users: 7 }\n");
  System system(scenario, 1);
  const auto rows = system.observer()->query("SELECT COUNT(*) FROM subscriptions.subs", {});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0).integer(0), 7);
}

// That each of these runs finds it is tests/scenario/expected.txt's to say.
TEST(Registry, HasAShippedScenarioForEverySeededDefect) {
  std::set<std::string, std::less<>> found;
  const std::filesystem::path folder = SOUNDCHECK_SOURCE_DIR "/scenarios";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    const auto scenario = load_scenario(entry.path(), {}, reference_catalogue());
    ASSERT_TRUE(scenario) << scenario.diagnostics.text();
    found.insert(scenario->defects.begin(), scenario->defects.end());
  }
  for (const SeededDefect& defect : seeded_defects())
    EXPECT_TRUE(found.contains(defect.name)) << defect.name;
}

}  // namespace
}  // namespace soundcheck
