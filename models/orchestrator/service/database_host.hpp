#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/execution/execution_host.hpp"
#include "models/orchestrator/service/shared.hpp"

namespace soundcheck::orchestrator {

// What the executor of one replica needs from the simulated server: its database, the queues that
// all replicas see, locks among them, calls to simulated services.
class DatabaseHost final : public ExecutionHost {
 public:
  // `owner`: of locks, this replica in this life. `shared` outlives the host.
  DatabaseHost(Shared& shared, std::uint64_t owner) : shared_(shared), owner_(owner) {}

  bool alone() const override { return shared_.replicas == 1 && shared_.locked; }
  bool locks() const override { return shared_.locked; }
  Task<bool> lease(Env env, std::string workflow_id) override;
  void release(const std::string& workflow_id) override;
  Task<Result<std::optional<StoredWorkflow>>> read(Env env, std::string workflow_id) override;
  Task<Result<std::optional<conductor::ChildSummary>>> summary(Env env,
                                                               std::string workflow_id) override;
  Task<Result<bool>> write(Env env, ExecutionRef execution, Changes changes,
                           std::vector<QueueWrite> messages) override;
  Task<Result<bool>> write(Env env, std::vector<QueueWrite> messages) override;
  std::optional<Time> visible(const std::string& queue, const std::string& message) const override;
  void child_started(const Execution& parent, const std::string& reference,
                     const std::string& child_id) override;
  void found_nothing(const Env& env, const std::string& queue, const std::string& message,
                     const std::string& workflow_id, Time came,
                     std::optional<Time> next_change) override;
  void rouse(const Env& env, const std::string& workflow_id) override;
  Task<conductor::HttpAnswer> call_http(Env env, Json request) override;

 private:
  std::vector<std::pair<std::string, std::string>> plan_of(
      const conductor::Blueprint& blueprint) const;
  void announce(const Env& env, const std::vector<QueueWrite>& writes);

  Shared& shared_;
  std::uint64_t owner_;
};

}  // namespace soundcheck::orchestrator
