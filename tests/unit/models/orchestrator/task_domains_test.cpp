#include "models/orchestrator/decider/task_domains.hpp"

#include <gtest/gtest.h>

namespace soundcheck::conductor {
namespace {

Time at_second(std::int64_t seconds) {
  return Time::at(Duration::seconds(seconds));
}

// As TestWorkflowExecutor of Conductor: a worker polled in these queues just now.
class TaskDomains : public ::testing::Test {
 protected:
  std::optional<Routing> routed(const Json& map, const std::string& task = "pack") const {
    return route(map, task, &polls_, at_second(100), Duration::seconds(10));
  }
  std::optional<std::string> domain(const Json& map, const std::string& task = "pack") const {
    const auto routing = routed(map, task);
    return routing ? routing->domain : "the map says nothing";
  }

  PollData polls_;
};

TEST_F(TaskDomains, TheFirstDomainWithALiveWorkerIsTaken) {  // testGetActiveDomain
  polls_.note("domain2:pack", at_second(95));
  EXPECT_EQ(domain({{"pack", "domain1,domain2,domain3"}}), "domain2");
  polls_.note("domain1:pack", at_second(99));
  EXPECT_EQ(domain({{"pack", "domain1, domain2"}}), "domain1");
}

TEST_F(TaskDomains, WithoutALiveWorkerTheLastOneIsTaken) {  // testInactiveDomains
  polls_.note("domain1:pack", at_second(90));               // 10 s ago, which is too long
  EXPECT_EQ(domain({{"pack", "domain1,domain2"}}), "domain2");
  EXPECT_EQ(route({{"pack", "domain1,domain2"}}, "pack", nullptr, at_second(9), 10_s)->domain,
            "domain2");
}

TEST_F(TaskDomains, NoDomainAtTheEndIsNone) {  // testDefaultDomain
  EXPECT_EQ(domain({{"pack", "domain1,domain2,NO_DOMAIN"}}), std::nullopt);
  EXPECT_EQ(domain({{"pack", "domain1, no_domain"}}), std::nullopt);
}

TEST_F(TaskDomains, ATasksOwnListComesBeforeTheOneOfAll) {  // testTaskToDomainOverrides
  polls_.note("mydomain:task1", at_second(99));
  polls_.note("someActiveDomain:task3", at_second(99));
  const Json map = {{"*", "mydomain"},
                    {"task2", "someInactiveDomain, NO_DOMAIN"},
                    {"task3", "someActiveDomain, NO_DOMAIN"},
                    {"task4", "someInactiveDomain, someInactiveDomain2"}};
  EXPECT_EQ(domain(map, "task1"), "mydomain");
  EXPECT_EQ(domain(map, "task2"), std::nullopt);
  EXPECT_EQ(domain(map, "task3"), "someActiveDomain");
  EXPECT_EQ(domain(map, "task4"), "someInactiveDomain2");
}

TEST_F(TaskDomains, AMapWithoutTheTaskLeavesItsDomain) {
  EXPECT_FALSE(routed(Json::object()));
  EXPECT_FALSE(routed({{"send", "blue"}}));
  EXPECT_FALSE(routed({{"*", " "}}));
  EXPECT_EQ(domain({{"pack", ","}}), std::nullopt);
}

TEST_F(TaskDomains, AWorkerOfAnotherTaskMakesNoDomainLive) {
  polls_.note("blue:send", at_second(99));
  polls_.note("pack", at_second(99));
  EXPECT_EQ(domain({{"pack", "blue,NO_DOMAIN"}}), std::nullopt);
}

TEST_F(TaskDomains, APollThatRepeatsKeepsItsDomainLiveUntilItEnds) {
  polls_.begin_repeating("blue:pack", at_second(3), Duration::seconds(5));
  EXPECT_EQ(domain({{"pack", "blue,NO_DOMAIN"}}), "blue");  // answered at 98 s
  EXPECT_FALSE(polls_.polled_since("blue:pack", at_second(100), at_second(98)));
  polls_.end_repeating("blue:pack", at_second(92));  // answered at 88 s last
  EXPECT_EQ(domain({{"pack", "blue,NO_DOMAIN"}}), std::nullopt);
}

TEST(QueueNames, BeginWithTheDomain) {  // QueueUtils
  EXPECT_EQ(queue_name("pack", std::nullopt), "pack");
  EXPECT_EQ(queue_name("pack", "blue"), "blue:pack");
  EXPECT_EQ(parts_of_queue("blue:pack").domain, "blue");
  EXPECT_EQ(parts_of_queue("blue:pack").task_type, "pack");
  EXPECT_FALSE(parts_of_queue("pack").domain);
}

}  // namespace
}  // namespace soundcheck::conductor
