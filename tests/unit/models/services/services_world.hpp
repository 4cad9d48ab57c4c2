#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/services/common/population.hpp"
#include "reports/checkers/invariant_file.hpp"
#include "sim/core/json.hpp"
#include "tests/support/local_runtime/local_runtime.hpp"

namespace soundcheck::testing_support {

// Who exists before a test, in numbers.
struct People {
  std::int64_t users = 20;
  std::int64_t subscribers = 0;
  double declined_authorizations = 0;  // shares of the others
  double declined_captures = 0;
  std::uint64_t seed = 1;
};
Population population_of(const People& people, std::set<std::string, std::less<>> defects = {});

// What became of one saga that the test drove.
struct SagaRun {
  std::string saga_id;
  std::string status;         // COMPLETED or FAILED
  Json rows = Json::array();  // of tasks, as Conductor keeps them
  std::map<std::string, Json> outputs;
  std::vector<std::string> undone;

  std::string payment_id() const { return outputs.at("authorize_payment").value("payment_id", ""); }
};

// All services and the bank on one database, seeded users, and a hand that drives sagas as the
// orchestrator would.
class ServicesWorld {
 public:
  explicit ServicesWorld(std::set<std::string, std::less<>> defects = {},
                         People people = {.users = 20, .subscribers = 8});

  LocalRuntime runtime;

  // One attempt of a step; its row and its output go to the run.
  TaskResult attempt(SagaRun& run, const std::string& step, int retry_count = 0);
  // Goes through the gateway, then step by step with `attempts` each; undoes what was handed out
  // when a step ends badly. `before_attempt` may break things: (step, retry number).
  SagaRun subscribe(std::int64_t user, const std::string& plan, int attempts = 4,
                    std::function<void(const std::string&, int)> before_attempt = {});
  // The compensation, to its end.
  void undo(SagaRun& run);
  // Through the gateway only: the saga waits for its first step.
  SagaRun start(std::int64_t user, const std::string& plan, const std::string& client_key = "k");
  void end(SagaRun& run, const std::string& status);

  std::string text(const std::string& sql);  // first column of the first row, "-" without one
  std::int64_t number(const std::string& sql);
  void sql(const std::string& statement);
  // Ids of the invariants that are violated now.
  std::set<std::string> violated();
  // Those with nothing to check.
  std::set<std::string> without_subject();

 private:
  Json input_of(const SagaRun& run, const std::string& step) const;

  std::map<std::string, Json> request_;  // by saga id: user and plan
};

// All invariants of all services that are registered.
const std::vector<Invariant>& all_invariants();

// Loses what is sent to `service`.`method`: the n-th call (from 1) becomes `delivery`.
LocalRuntime::Network nth_call(std::string service, std::string method, int n, Delivery delivery);
LocalRuntime::Network every_call(std::string service, std::string method, Delivery delivery);

}  // namespace soundcheck::testing_support
