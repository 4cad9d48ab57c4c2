// What is known of the steps of a workflow: by `sagas:`, by its definition, by names.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "scenarios/model/stated_sagas.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

// The statement of the step `step` of a workflow whose failure workflow has these tasks; its undo
// with its role, "" for none.
std::string stated(const std::string& step, const std::string& undo_tasks,
                   const std::string& more = "") {
  const std::filesystem::path path = test::own_file();
  std::string undo;
  std::istringstream names(undo_tasks);
  std::string workers = step + ": [ {} ]";
  for (std::string name; names >> name;) {
    undo += "{ name: " + name + ", taskReferenceName: " + name + ", type: SIMPLE }, ";
    workers += ", " + name + ": [ {} ]";
  }
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\nworkflows:\n- { name: trip, "
                         "failureWorkflow: trip_undo, tasks: [ { name: "
                      << step << ", taskReferenceName: step, type: SIMPLE } ] }\n"
                      << "- { name: trip_undo, tasks: [ " << undo << "] }\nworkers: { " << workers
                      << " }\nworkload: [ { arrivals: every 1s, workflow: trip } ]\n"
                      << more;
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  const SagaStatements statements = statements_of(*scenario);
  const Named<StepStatement>* const steps = statements.find("trip");
  const StepStatement* statement = steps == nullptr ? nullptr : steps->find("step");
  if (statement == nullptr && steps != nullptr) statement = steps->find(step);
  return statement == nullptr ? "" : to_text(statement->role) + " " + statement->undo;
}

TEST(StatedSagas, NamesThatLeaveNoDoubtNeedNoStatement) {
  EXPECT_EQ(stated("book_car", "cancel_car"), "compensatable cancel_car");
  EXPECT_EQ(stated("bookCar", "cancelCar"), "compensatable cancelCar");
  EXPECT_EQ(stated("book-car", "cancel_car"), "compensatable cancel_car");
  EXPECT_EQ(stated("charge_card", "note refund_card"), "compensatable refund_card");
  EXPECT_EQ(stated("ship_parcel", "undo_ship_parcel"), "compensatable undo_ship_parcel");
}

TEST(StatedSagas, WhatIsNotCertainIsNotGuessed) {
  EXPECT_EQ(stated("book_car", "cancel_hotel"), "");
  EXPECT_EQ(stated("book_car", "cancel"), "");
  EXPECT_EQ(stated("bookcar", "cancelcar"), "");
  EXPECT_EQ(stated("charge_card", "cancel_card"), "");
  EXPECT_EQ(stated("reserve_seat", "cancel_seat release_seat"), "") << "either of the two";
}

TEST(StatedSagas, WhatIsWrittenDownWins) {
  const std::string pivot = "sagas: { trip: { step: { role: pivot } } }\n";
  EXPECT_EQ(stated("book_car", "cancel_car", pivot), "pivot ");
  const std::string by_name = "sagas: { trip: { book_car: { undo: other } } }\n";
  EXPECT_EQ(stated("book_car", "cancel_car other", by_name), "compensatable other");
}

// The table is documented: every pair stands in docs/scenarios.md.
TEST(StatedSagas, TheTableOfNamesIsDocumented) {
  std::ifstream file(SOUNDCHECK_SOURCE_DIR "/docs/scenarios.md");
  std::ostringstream read;
  read << file.rdbuf();
  const std::string text = read.str();
  const auto expect_documented = [&](const std::string& step, const std::string& undo) {
    const auto row = text.find("| " + step + " |");
    ASSERT_NE(row, std::string::npos) << step;
    const std::string line = text.substr(row, text.find('\n', row) - row);
    EXPECT_NE(line.find("`" + undo + "_x`"), std::string::npos) << step << " " << undo;
  };
#define SOUNDCHECK_UNDO(step, undo) expect_documented("`" step "_x`", undo);
#define SOUNDCHECK_UNDO_OF(undo) expect_documented("any `x`", undo);
#include "scenarios/model/undo_names.def"
}

}  // namespace
}  // namespace soundcheck
