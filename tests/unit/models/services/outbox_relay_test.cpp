#include "models/services/common/outbox_relay.hpp"

#include <gtest/gtest.h>

#include "models/services/payments/api.hpp"
#include "tests/unit/models/services/services_world.hpp"

namespace soundcheck {
namespace {

using testing_support::Delivery;
using testing_support::every_call;
using testing_support::nth_call;
using testing_support::ServicesWorld;

// Each denied payment writes one event.
void deny_one(ServicesWorld& world, const std::string& name) {
  world.runtime.call(payments::Authorize{name, user_id_of(0), "SUBSCRIBE", name, 1});
}
std::string recorded(ServicesWorld& world) {
  return world.text(
      "SELECT group_concat(payment_id, ' ') FROM (SELECT p.idem AS payment_id FROM "
      "logging.transactions t JOIN payments.payments p ON p.payment_id = t.payment_id "
      "ORDER BY t.rowid)");
}
std::int64_t pending(ServicesWorld& world) {
  return world.number("SELECT COUNT(*) FROM payments.outbox WHERE published_at IS NULL");
}

class OutboxRelay : public testing::Test {
 protected:
  void SetUp() override { world.sql("UPDATE auth.billing SET state = 'VOID'"); }
  ServicesWorld world{{}, {.users = 1}};
};

TEST_F(OutboxRelay, SendsRightAfterTheCommit) {
  deny_one(world, "a");
  world.runtime.advance(1_ms);
  EXPECT_EQ(recorded(world), "a");
  EXPECT_EQ(pending(world), 0);
}

TEST_F(OutboxRelay, GoesOnUntilLoggingAnswersAndKeepsTheOrder) {
  world.runtime.set_network(every_call("logging", "record-transactions", Delivery::kLostRequest));
  for (const char* name : {"c", "a", "b"}) deny_one(world, name);
  world.runtime.advance(5_s);
  EXPECT_EQ(pending(world), 3);
  world.runtime.set_network({});
  world.runtime.advance(30_s);
  EXPECT_EQ(recorded(world), "c a b");
  EXPECT_EQ(pending(world), 0);
}

TEST_F(OutboxRelay, SendsAgainWhatItDoesNotKnowToHaveArrived) {
  world.runtime.set_network(nth_call("logging", "record-transactions", 1, Delivery::kLostReply));
  deny_one(world, "a");
  world.runtime.advance(1_min);
  EXPECT_EQ(world.runtime.calls_to("logging", "record-transactions"), 2u);
  EXPECT_EQ(recorded(world), "a");
  EXPECT_EQ(pending(world), 0);
}

TEST_F(OutboxRelay, SendsALongBacklogInBatches) {
  world.runtime.set_network(every_call("logging", "record-transactions", Delivery::kLostRequest));
  for (int i = 0; i < 70; ++i) deny_one(world, std::to_string(i));
  world.runtime.set_network({});
  const std::uint64_t before = world.runtime.calls_to("logging", "record-transactions");
  world.runtime.advance(1_min);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM logging.transactions"), 70);
  EXPECT_EQ(world.runtime.calls_to("logging", "record-transactions") - before, 3u);
}

TEST_F(OutboxRelay, FindsWhatAnotherReplicaLeftBehind) {
  world.sql("INSERT INTO payments.outbox VALUES ('x:CAPTURE', 1, 'CAPTURE', 'x', 5, '', 0, NULL)");
  world.runtime.advance(31_s);
  EXPECT_EQ(pending(world), 0);
  EXPECT_EQ(world.number("SELECT COUNT(*) FROM logging.transactions"), 1);
}

TEST_F(OutboxRelay, IsQuietWhenThereIsNothingToSend) {
  world.runtime.advance(1_h);
  EXPECT_EQ(world.runtime.calls_to("logging", "record-transactions"), 0u);
}

TEST(DualWrite, LosesAnEventWhoseOnlyMessageIsLost) {
  ServicesWorld world({"dual_write_log"}, {.users = 1});
  world.sql("UPDATE auth.billing SET state = 'VOID'");
  world.runtime.set_network(nth_call("logging", "record-transactions", 1, Delivery::kLostRequest));
  deny_one(world, "a");
  deny_one(world, "b");
  world.runtime.advance(1_h);
  EXPECT_EQ(recorded(world), "b");
  EXPECT_EQ(pending(world), 1);
}

}  // namespace
}  // namespace soundcheck
