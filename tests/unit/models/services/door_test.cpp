// The door that models/services keeps open: the same logic on the wall clock and a database file
// answers one charge.
#include <gtest/gtest.h>

#include <filesystem>

#include "models/registry/registry.hpp"
#include "models/services/payments/api.hpp"
#include "tests/support/local_runtime/local_runtime.hpp"

namespace soundcheck {
namespace {

using testing_support::LocalRuntime;

// All but the orchestrator, whose replicas share what this test has not.
void add_services(LocalRuntime& runtime) {
  for (const ServiceBlueprint& service : registered_services()) {
    if (service.create) runtime.add(service);
  }
}

TEST(Door, AnswersOneChargeOnTheWallClockAndAFile) {
  const std::string file = testing::TempDir() + "soundcheck_door.sqlite";
  std::filesystem::remove(file);
  {
    LocalRuntime runtime({.database = file, .wall_clock = true});
    add_services(runtime);
    runtime.database().execute("INSERT INTO auth.credentials VALUES ('ada', 'ENABLED', '')");
    runtime.database().execute("INSERT INTO auth.billing VALUES ('b', 'ada', 'VERIFIED')");
    const auto held = runtime.call(payments::Authorize{"order-1", "ada", "SUBSCRIBE", "s", 1099});
    ASSERT_TRUE(held.has_value());
    const auto charged = runtime.call(payments::Capture{held->payment_id, "order-1:charge"});
    ASSERT_TRUE(charged.has_value());
    EXPECT_EQ(charged->state, "CAPTURED");
  }
  LocalRuntime later({.database = file, .wall_clock = true});
  add_services(later);
  const auto rows = later.database().query("SELECT state, amount FROM payments.payments");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].text(0), "CAPTURED");
  EXPECT_EQ(rows[0].integer(1), 1099);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace soundcheck
