#pragma once

#include <string>
#include <utility>

#include "reports/output/writer.hpp"
#include "reports/verdict/judge.hpp"
#include "tests/unit/reports/checker_fixture.hpp"

namespace soundcheck {

inline RunFacts facts() {
  return {.scenario = "payments-outage",
          .about = "Payments crashes between the capture and its reply.",
          .seed = 7,
          .version = "0.1.0",
          .fidelity = "direct",
          .digest = "00112233445566778899aabbccddeeff",
          .events = 1'204'511,
          .faults = {{.number = 0, .kind = "process.crash", .target = "payments"},
                     {.number = 1,
                      .kind = "network.partition",
                      .target = "payments | auth",
                      .may_miss = true}},
          .ended = Time::at(95_s)};
}

// Of a scenario without faults.
inline RunFacts calm() {
  RunFacts known = facts();
  known.faults.clear();
  return known;
}

inline Objective objective(std::string request, Period during = Period::kAlways) {
  Objective objective;
  objective.request = std::move(request);
  objective.during = during;
  return objective;
}

// A minute of load with a fault from 20 s to 25 s.
inline void play_outage(RunDriver& run) {
  run.phase(0_s, "load");
  run.load(0_s, 20_s, 20, 52_ms);
  run.fault(20_s, true);
  run.load(20_s, 25_s, 20, 400_ms, RequestOutcome::kUnknown);
  run.fault(25_s, false);
  run.load(25_s, 29_s, 20, 700_ms);
  run.load(29_s, 60_s, 20, 52_ms);
  run.phase(60_s, "settle");
}

inline RunReport judged(RunDriver& run, const Expectations& expectations,
                        RunFacts known = facts()) {
  run.recorder.finish(known.ended);
  return judge(run.recorder, run.ledger, nullptr, nullptr, expectations, std::move(known));
}

// What a writer makes of a run that was judged.
inline std::string written(std::string_view file, const RunDriver& run, const RunReport& report,
                           const MachineFacts& machine = {}) {
  return writer_of(file).text({report, run.recorder, machine, "name: payments-outage\n"});
}

// Sagas that pay and then serve, some of them judged by the invariants below.
struct JudgedInvariants : CheckerFixture {
  static constexpr Sql kPay{"INSERT INTO shop.payments (id, state, saga_id) VALUES (?1, ?2, ?3)"};
  static constexpr Sql kServe{"INSERT INTO shop.periods (id, payment_id) VALUES (?1, ?2)"};
  static constexpr std::string_view kInvariants = R"(
-- S1: no captured payment without a period of service, or a full refund
-- class: W
-- key: id
-- changed: shop.payments(id)
-- changed: shop.periods: SELECT id FROM shop.payments WHERE id = :payment_id
-- saga: SELECT saga_id FROM shop.payments WHERE id = ?1
-- over: SELECT COUNT(*) FROM shop.payments WHERE state = 'CAPTURED'
SELECT p.id FROM shop.payments p WHERE p.state = 'CAPTURED' AND {key p.id}
  AND NOT EXISTS (SELECT 1 FROM shop.periods q WHERE q.payment_id = p.id);
-- G1: a gift buys one period of service at most
-- class: Q
-- over: SELECT COUNT(*) FROM shop.payments WHERE state = 'GIFT'
SELECT id FROM shop.payments WHERE state = 'GIFT' AND saga_id IS NULL;
-- P9: no payment is left half way
-- class: Q
-- over: SELECT COUNT(*) FROM shop.payments
SELECT id FROM shop.payments WHERE state = 'CREATED';
)";

  // Three sagas; the last one ends without the service that was paid for, if `broken`.
  RunReport play(bool broken, const Expectations& expectations) {
    InvariantChecker checked = checker(kInvariants);
    driver.phase(0_s, "load");
    driver.load(0_s, 20_s, 20, 52_ms);
    driver.fault(20_s, true);
    driver.load(20_s, 25_s, 20, 400_ms, RequestOutcome::kUnknown);
    driver.load(20_s, 25_s, 4, 2_ms, RequestOutcome::kOk, "read-subscription");
    driver.fault(25_s, false);
    for (const std::uint64_t saga : {6U, 7U, 8U}) {
      const std::string name = "p" + std::to_string(saga);
      driver.saga(26_s, saga);
      driver.step(27_s, saga, "capture", SagaTaskStatus::kScheduled, 1);
      execute(28_s, saga, kPay, name, "CAPTURED", to_text(saga));
      if (!broken || saga != 8) execute(31_s, saga, kServe, "q" + name, name);
      driver.saga_ends(32_s, saga, SagaStatus::kCompleted);
    }
    driver.load(32_s, 60_s, 20, 52_ms);
    driver.phase(60_s, "settle");
    checked.check_at_rest(Time::at(95_s));
    driver.recorder.finish(Time::at(95_s));
    return judge(driver.recorder, driver.ledger, &checked, &observer, expectations, facts());
  }
};

}  // namespace soundcheck
