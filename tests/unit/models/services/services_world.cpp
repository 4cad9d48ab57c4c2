#include "tests/unit/models/services/services_world.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "models/orchestrator/api.hpp"
#include "models/orchestrator/service/orchestrator.hpp"
#include "models/outside/psp/psp.hpp"
#include "models/registry/registry.hpp"
#include "models/sagas/sagas.hpp"
#include "models/services/gateway/api.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::testing_support {
namespace {

const std::vector<std::string> kForward{"reserve_subscription",  "authorize_payment",
                                        "create_household",      "charge_payment",
                                        "activate_subscription", "grant_access"};
const std::vector<std::string> kWithUndo{"reserve_subscription", "authorize_payment",
                                         "create_household", "charge_payment"};

std::vector<std::pair<std::string, std::string>> plan_of_subscribe() {
  const Json definition = Json::parse(sagas::document("subscribe.json"));
  std::vector<std::pair<std::string, std::string>> plan;
  for (const Json& task : definition["tasks"]) {
    if (task.contains("metadata"))
      plan.emplace_back(task["taskReferenceName"], task["metadata"]["role"]);
  }
  for (const Json& step : definition["metadata"]["byEvent"])
    plan.emplace_back(step["step"], step["role"]);
  return plan;
}

bool start_row(Transaction& transaction, const std::string& saga_id, const std::string& name) {
  static constexpr Sql kFind{"SELECT 1 FROM orchestrator.workflows WHERE workflow_id = ?1"};
  static constexpr Sql kInsert{
      "INSERT INTO orchestrator.workflows (workflow_id, name, saga_id, status, has_failure_wf, "
      "started_at, record) VALUES (?1, ?2, ?3, 'RUNNING', 1, true_time(), '')"};
  static constexpr Sql kStep{
      "INSERT INTO orchestrator.steps (saga_id, step, role) VALUES (?1, ?2, ?3)"};
  if (transaction.one(kFind, "wf-" + saga_id)) return true;
  transaction.execute(kInsert, "wf-" + saga_id, name, saga_id);
  for (const auto& [step, role] : plan_of_subscribe())
    transaction.execute(kStep, saga_id, step, role);
  return false;
}

std::string status_row(Transaction& transaction, const std::string& saga_id) {
  static constexpr Sql kFind{"SELECT status FROM orchestrator.workflows WHERE workflow_id = ?1"};
  const auto row = transaction.one(kFind, "wf-" + saga_id);
  return row ? row->text(0) : std::string();
}

// Remembers which workflows were started; the test does the rest.
class OrchestratorOfTests final : public Service {
 public:
  explicit OrchestratorOfTests(const ServiceSettings&) {}
  Task<Result<orchestrator::WorkflowStarted>> start(Env env, orchestrator::StartWorkflow request) {
    Result<bool> existed = co_await env.transact(&start_row, request.saga_id, request.name);
    if (!existed) co_return std::unexpected(existed.error());
    co_return orchestrator::WorkflowStarted{"wf-" + request.saga_id, *existed};
  }
  Task<Result<orchestrator::WorkflowView>> get(Env env, orchestrator::GetWorkflow request) {
    Result<std::string> status = co_await env.read(&status_row, request.saga_id);
    if (!status) co_return std::unexpected(status.error());
    co_return orchestrator::WorkflowView{.found = !status->empty(), .status = *status};
  }
};

ServiceBlueprint orchestrator_of_tests() {
  ServiceBlueprint blueprint = orchestrator::blueprint();
  blueprint.methods.clear();
  blueprint.created_as<OrchestratorOfTests>();
  blueprint.handles<&OrchestratorOfTests::start>();
  blueprint.handles<&OrchestratorOfTests::get>();
  return blueprint;
}

void seed(LocalDatabase& database, const std::vector<SeedRows>& tables,
          const Population& population) {
  for (const SeedRows& rows : tables) {
    for (std::int64_t user = 0; user < population.users; ++user) {
      std::vector<SqlValue> values;
      if (rows.row(population, user, values)) database.execute(rows.insert.text, values);
    }
  }
}

const char* status_text(TaskStatus status) {
  return status == TaskStatus::kCompleted ? "COMPLETED"
         : status == TaskStatus::kFailed  ? "FAILED"
                                          : "FAILED_WITH_TERMINAL_ERROR";
}

}  // namespace

Population population_of(const People& people, std::set<std::string, std::less<>> defects) {
  Settings subscribers(Subscribers::parameters());
  static_cast<Subscribers*>(subscribers.object())->subscribed = Percentage::of(
      people.users == 0 ? 0 : static_cast<double>(people.subscribers) / people.users);
  Settings bank(psp::PspSettings::parameters());
  auto& declines = *static_cast<psp::PspSettings*>(bank.object());
  declines.declined_authorizations = Percentage::of(people.declined_authorizations);
  declines.declined_captures = Percentage::of(people.declined_captures);
  return {.users = people.users,
          .seed = people.seed,
          .settings = {.defects = std::move(defects), .values = {subscribers, bank}}};
}

ServicesWorld::ServicesWorld(std::set<std::string, std::less<>> defects, People people)
    : runtime({.settings = population_of(people, std::move(defects)).settings}) {
  const Population population = population_of(people);
  for (const ServiceBlueprint& service : registered_services()) {
    runtime.add(service.name == "orchestrator" ? orchestrator_of_tests() : service);
  }
  runtime.database().add_fleet_views();
  for (const ServiceBlueprint& service : registered_services())
    seed(runtime.database(), service.seed_rows, population);
}

Json ServicesWorld::input_of(const SagaRun& run, const std::string& step) const {
  Json input = request_.at(run.saga_id);
  for (const auto& [name, output] : run.outputs) input.update(output);
  if (input.contains("price")) input["amount"] = input["price"];
  if (step == "plan_undo") return Json{{"tasks", run.rows}, {"steps", kWithUndo}};
  return input;
}

TaskResult ServicesWorld::attempt(SagaRun& run, const std::string& step, int retry_count) {
  TaskInput task{.task_type = step,
                 .reference = step,
                 .workflow_id = "wf-" + run.saga_id,
                 .saga_id = run.saga_id,
                 .retry_count = retry_count,
                 .input = input_of(run, step)};
  TaskResult result = runtime.work(std::move(task));
  run.rows.push_back(
      {{"referenceTaskName", step}, {"status", status_text(result.status)}, {"startTime", 1}});
  if (result.status == TaskStatus::kCompleted) run.outputs[step] = result.output;
  return result;
}

SagaRun ServicesWorld::start(std::int64_t user, const std::string& plan,
                             const std::string& client_key) {
  const auto accepted =
      runtime.call(gateway::Subscribe{user_id_of(user), token_of(user), client_key, plan});
  SOUNDCHECK_ASSERT(accepted.has_value(), "not accepted");
  SagaRun run{.saga_id = accepted->saga_id};
  request_[run.saga_id] = Json{{"user_id", user_id_of(user)}, {"plan", plan}};
  return run;
}

void ServicesWorld::end(SagaRun& run, const std::string& status) {
  run.status = status;
  sql(fmt::format("UPDATE orchestrator.workflows SET status = '{}' WHERE workflow_id = 'wf-{}'",
                  status, run.saga_id));
}

void ServicesWorld::undo(SagaRun& run) {
  end(run, "FAILED");
  const TaskResult plan = attempt(run, "plan_undo");
  SOUNDCHECK_ASSERT(plan.status == TaskStatus::kCompleted, "{}", plan.reason);
  for (const Json& step : plan.output["undo"]) {
    const std::string name = "undo_" + step.get<std::string>();
    bool done = false;
    for (int retry = 0; retry < 5 && !done; ++retry) {
      runtime.advance(1_s);
      done = attempt(run, name, retry).status == TaskStatus::kCompleted;
    }
    SOUNDCHECK_ASSERT(done, "{} gave up", name);
    run.undone.push_back(step);
  }
  sql(fmt::format(
      "INSERT INTO orchestrator.workflows (workflow_id, name, saga_id, status, failure_of, "
      "has_failure_wf, started_at, record) "
      "VALUES ('undo-{0}', 'subscribe_undo', '{0}', 'COMPLETED', 'wf-{0}', 1, 0, '')",
      run.saga_id));
}

SagaRun ServicesWorld::subscribe(std::int64_t user, const std::string& plan, int attempts,
                                 std::function<void(const std::string&, int)> before_attempt) {
  SagaRun run = start(user, plan);
  for (const std::string& step : kForward) {
    if (step == "create_household" && plan != "family") continue;
    TaskResult result = TaskResult::failed("not tried");
    for (int retry = 0; retry < attempts && result.status == TaskStatus::kFailed; ++retry) {
      runtime.advance(1_s);
      if (before_attempt) before_attempt(step, retry);
      result = attempt(run, step, retry);
    }
    if (result.status != TaskStatus::kCompleted) {
      undo(run);
      runtime.advance(2_min);
      return run;
    }
  }
  end(run, "COMPLETED");
  runtime.advance(2_min);
  return run;
}

std::string ServicesWorld::text(const std::string& sql) {
  const auto rows = runtime.database().query(sql);
  return rows.empty() ? "-" : rows.front().text(0);
}

std::int64_t ServicesWorld::number(const std::string& sql) {
  const auto rows = runtime.database().query(sql);
  return rows.empty() ? -1 : rows.front().integer(0);
}

void ServicesWorld::sql(const std::string& statement) {
  runtime.database().execute(statement);
}

std::set<std::string> ServicesWorld::violated() {
  std::set<std::string> ids;
  for (const Invariant& invariant : all_invariants()) {
    const auto rows = runtime.database().query(invariant.all_sql);
    if (rows.empty()) continue;
    ids.insert(invariant.id);
    if (invariant.one_sql.empty()) continue;
    // The check for one key must find what the check for all found.
    const SqlValue key = rows.front()[0];
    EXPECT_FALSE(runtime.database().query(invariant.one_sql, std::span(&key, 1)).empty())
        << invariant.id;
  }
  return ids;
}

std::set<std::string> ServicesWorld::without_subject() {
  std::set<std::string> ids;
  for (const Invariant& invariant : all_invariants()) {
    if (number(invariant.over_sql) == 0) ids.insert(invariant.id);
  }
  return ids;
}

const std::vector<Invariant>& all_invariants() {
  static const std::vector<Invariant> all = [] {
    std::vector<Invariant> invariants;
    for (const ServiceBlueprint& service : registered_services()) {
      InvariantFile parsed = parse_invariants(service.invariants, service.name + "/invariants.sql");
      for (const InvariantMistake& mistake : parsed.mistakes) ADD_FAILURE() << to_text(mistake);
      for (Invariant& invariant : parsed.invariants) invariants.push_back(std::move(invariant));
    }
    return invariants;
  }();
  return all;
}

LocalRuntime::Network nth_call(std::string service, std::string method, int n, Delivery delivery) {
  return [=, seen = std::make_shared<int>(0)](const RpcName& name) {
    if (name.service != service || name.method != method) return Delivery::kNormal;
    return ++*seen == n ? delivery : Delivery::kNormal;
  };
}

LocalRuntime::Network every_call(std::string service, std::string method, Delivery delivery) {
  return [=](const RpcName& name) {
    return name.service == service && name.method == method ? delivery : Delivery::kNormal;
  };
}

}  // namespace soundcheck::testing_support
