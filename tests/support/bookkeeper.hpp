#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/database/databases.hpp"
#include "models/runtime/service_host.hpp"

namespace soundcheck::test {

// The smallest system that can go wrong: a caller, a callee that writes one row, and its database,
// each on a host of its own.
class Bookkeeper {
 public:
  explicit Bookkeeper(Fidelity fidelity);
  ~Bookkeeper();

  World& world() { return *world_; }
  ProcessId caller() const { return caller_; }
  ProcessId callee() const { return callee_; }
  ProcessId database() const { return database_; }
  Databases& databases() { return *databases_; }
  Rpc& rpc() { return runtime_->rpc(); }

  // Sends a request that writes the row of this key; run the kernel to see what becomes of it.
  void ask(std::string key = "the only note");
  // What the caller was told; nothing if it has heard nothing (or died).
  const std::optional<Result<std::int64_t>>& answer() const { return answer_; }
  std::int64_t rows();  // in the callee's table

 private:
  Task<void> call_once(Env env, std::string key);

  std::unique_ptr<World> world_;
  ProcessId caller_, callee_, database_;
  std::unique_ptr<SimulatedRuntime> runtime_;
  std::unique_ptr<ServiceHost> host_;
  std::unique_ptr<Databases> databases_;
  std::unique_ptr<TransactionPort> port_;
  std::optional<Result<std::int64_t>> answer_;
};

}  // namespace soundcheck::test
