#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// A step of an endpoint that is described in a scenario instead of written in C++. Exactly one of
// these.
struct DeclaredStep {
  enum class Kind : std::uint8_t {
    kCompute,
    kSleep,
    kCall,
    kParallel,
    kSequence,
    kRepeat,
    kRead,
    kWrite,
    kFail
  };
  Kind kind = Kind::kCompute;
  Distribution time;                // of kCompute: of the host's CPU; of kSleep: of no CPU
  std::string call;                 // of kCall: "service.endpoint"
  std::optional<Bytes> request;     // of kCall: on the wire; empty: as the endpoint says
  std::vector<DeclaredStep> steps;  // of kParallel: all at once, done when the last one is; of
                                    // kSequence and kRepeat: one after the other
  std::int64_t times = 1;           // of kRepeat
  std::int64_t rows = 1;            // of kRead and kWrite
  Probability probability;          // of kFail
  int status = 500;                 // of kFail: the HTTP status answered
};

// A service without C++ behind it.
struct DeclaredService {
  Named<std::vector<DeclaredStep>> endpoints;
  static const ParameterTable<DeclaredService>& parameters();
};

template <>
struct ParameterForm<DeclaredStep> {
  static std::string phrase() {
    return "a step: compute: 3ms, sleep: 3ms, call: service.endpoint, parallel: [...], "
           "sequence: [...], repeat: {times: 3, steps: [...]}, read: {rows: 20}, write: {rows: 1} "
           "or fail: {probability: 1%}";
  }
  static void read(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader);
  static ParameterNode print(const DeclaredStep& value);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
