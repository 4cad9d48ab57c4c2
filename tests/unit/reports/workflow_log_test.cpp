#include "reports/recorder/workflow_log.hpp"

#include <gtest/gtest.h>

namespace soundcheck {
namespace {

class WorkflowLogTest : public testing::Test {
 protected:
  void ended(SagaStatus status, Duration duration) {
    events.emit({}, SagaEnded{.workflow = order, .status = status, .took = duration});
  }
  void started() { events.emit({}, SagaStarted{.workflow = order}); }
  // Work on `pay` from one time to another.
  void worked(std::uint64_t saga, Duration from, Duration to,
              TaskStatus status = TaskStatus::kCompleted, std::int64_t attempt = 0) {
    events.emit(Time::at(to), TaskWorked{.saga = saga,
                                         .step = pay,
                                         .workflow = order,
                                         .status = status,
                                         .worked = to - from,
                                         .attempt = attempt});
  }
  const TaskWork& work() const { return log.tasks().at(0); }

  EventStream events;
  NameId order = events.names().intern("order");
  NameId pay = events.names().intern("pay");
  WorkflowLog log{events};
};

TEST_F(WorkflowLogTest, CountsExecutionsByStatusAndKnowsTheLongest) {
  for (int i = 0; i < 4; ++i) started();
  ended(SagaStatus::kCompleted, 2_s);
  ended(SagaStatus::kTimedOut, 9_s);
  ended(SagaStatus::kCompleted, 3_s);
  const WorkflowExecutions& order_log = log.workflows().at(0);
  EXPECT_EQ(order_log.ended_as(SagaStatus::kCompleted), 2U);
  EXPECT_EQ(order_log.ended_as(SagaStatus::kTimedOut), 1U);
  EXPECT_EQ(order_log.running(), 1U);
  EXPECT_EQ(order_log.longest, 9_s);
}

TEST_F(WorkflowLogTest, CallsWorkRepeatedThatWasDoneBefore) {
  worked(1, 0_s, 1_s, TaskStatus::kFailed);
  worked(1, 2_s, 3_s);
  EXPECT_EQ(work().repeated, 0U);  // a failed attempt had not done it
  worked(2, 2_s, 4_s);
  EXPECT_EQ(work().repeated, 0U);  // another saga
  worked(1, 4_s, 5_s);
  EXPECT_EQ(work().repeated, 1U);
  EXPECT_EQ(work().overlapping, 0U);
  EXPECT_EQ(work().executions, 4U);
}

TEST_F(WorkflowLogTest, CallsWorkOverlappingThatBeganBeforeTheOtherEnded) {
  worked(1, 5_s, 6_s);
  worked(1, 0_s, 8_s);  // around the first
  worked(1, 8_s, 9_s);  // right behind it
  worked(2, 0_s, 9_s);  // another saga
  EXPECT_EQ(work().overlapping, 1U);
}

TEST_F(WorkflowLogTest, FindsTheBusiestSecondOfFurtherAttempts) {
  for (std::uint64_t saga = 0; saga < 9; ++saga) worked(saga, 1_s, 2_s, TaskStatus::kFailed);
  EXPECT_EQ(work().retry_peak, 0U);
  worked(1, 10'999_ms, 10'999_ms, TaskStatus::kFailed, 1);
  worked(2, 11'000_ms, 11'000_ms, TaskStatus::kFailed, 1);
  worked(3, 11'999_ms, 11'999_ms, TaskStatus::kFailed, 2);
  worked(4, 12'000_ms, 12'000_ms, TaskStatus::kCompleted, 1);
  EXPECT_EQ(work().retry_peak, 2U);
}

}  // namespace
}  // namespace soundcheck
