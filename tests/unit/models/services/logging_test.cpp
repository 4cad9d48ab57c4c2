#include <gtest/gtest.h>

#include "models/services/logging/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::ServicesWorld;

TEST(Logging, RecordsAnEventOnceHoweverOftenItComes) {
  ServicesWorld world({}, {.users = 0});
  const logging::TransactionEvent capture{"p:CAPTURE", "p", "CAPTURE", 100, "00000000000000aa"};
  const logging::TransactionEvent refund{"r:REFUND", "p", "REFUND", 100, "00000000000000aa"};
  EXPECT_EQ(world.runtime.call(logging::RecordTransactions{{capture}})->fresh, 1);
  EXPECT_EQ(world.runtime.call(logging::RecordTransactions{{capture, refund}})->fresh, 1);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM logging.transactions"), 2);
}

TEST(Logging, CompletesTheSagasStepWithTheCaptureOnly) {
  ServicesWorld world({}, {.users = 0});
  const char* const saga = "00000000000000aa";
  world.runtime.call(logging::RecordTransactions{{{"p:CAPTURE", "p", "CAPTURE", 100, saga},
                                                  {"r:REFUND", "p", "REFUND", 100, saga},
                                                  {"q:CAPTURE", "q", "CAPTURE", 100, ""}}});
  EXPECT_EQ(world.text("SELECT saga_id || step || role || kind || state FROM logging.effects"),
            "00000000000000aarecord_transactionRETRIABLEDOAPPLIED");
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM logging.effects"), 1);
}

}  // namespace
}  // namespace soundcheck
