#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/declared/declared_step.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// One endpoint, set up once before a run. The name and the steps stay where they are: frames and
// Rpc refer to them.
class DeclaredEndpoint {
 public:
  DeclaredEndpoint(std::string service, std::string method, std::vector<DeclaredStep> steps);
  DeclaredEndpoint(const DeclaredEndpoint&) = delete;
  DeclaredEndpoint& operator=(const DeclaredEndpoint&) = delete;
  MethodBinding binding() const;

 private:
  friend struct DeclaredRun;
  // A step ready to run: the callee's name has a fixed address.
  struct Step {
    DeclaredStep what;
    RpcName callee;  // views into what.call
    std::vector<std::unique_ptr<Step>> inner;
    std::string stream;  // its purpose: "get/compute#1"

    // The step's own random numbers in the process of the request.
    RandomStream& random(const Env& env) const;

   private:
    mutable std::vector<std::unique_ptr<RandomStream>> streams_;  // by process, made when asked
  };
  using Steps = std::vector<std::unique_ptr<Step>>;
  static Steps prepare(std::vector<DeclaredStep> steps, const std::string& place);

  std::string service_;
  std::string method_;
  Steps steps_;
};

// The object behind a declared service: it has no state of its own.
class StatelessService final : public Service {};

}  // namespace soundcheck
