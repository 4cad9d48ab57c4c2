#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/core/distribution.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// A service without C++ behind it: what an endpoint does, step by step, as a scenario writes it.
struct StepSpec {
  enum class Kind : std::uint8_t { kCompute, kCall, kParallel, kRead, kWrite, kFail };
  Kind kind = Kind::kCompute;
  Distribution compute;            // kCompute: CPU time of the host
  std::string service;             // kCall
  std::string method;              // kCall
  std::vector<StepSpec> branches;  // kParallel: all at once, done when the last one is
  std::int64_t rows = 0;           // kRead, kWrite
  double probability = 0;          // kFail
  int http_status = 500;           // kFail: of the answer
};

// One endpoint, set up once before a run. The name and the steps stay where they are: frames and
// Rpc refer to them.
class DeclaredEndpoint {
 public:
  DeclaredEndpoint(std::string service, std::string method, std::vector<StepSpec> steps);
  DeclaredEndpoint(const DeclaredEndpoint&) = delete;
  DeclaredEndpoint& operator=(const DeclaredEndpoint&) = delete;
  MethodBinding binding() const;

 private:
  friend struct DeclaredRun;
  // A step ready to run: the callee's name has a fixed address.
  struct Step {
    StepSpec::Kind kind;
    Distribution compute;
    std::string service;
    std::string method;
    RpcName callee;
    std::vector<std::unique_ptr<Step>> branches;
    std::int64_t rows;
    double probability;
    int http_status;
    std::string stream;  // its purpose: "get/compute#1"

    // The step's own random numbers in the process of the request.
    RandomStream& random(const Env& env) const;

   private:
    mutable std::vector<std::unique_ptr<RandomStream>> streams_;  // by process, made when asked
  };
  using Steps = std::vector<std::unique_ptr<Step>>;
  static Steps prepare(std::vector<StepSpec> steps, const std::string& place);

  std::string service_;
  std::string method_;
  Steps steps_;
};

// The object behind a declared service: it has no state of its own.
class StatelessService final : public Service {};

}  // namespace soundcheck
