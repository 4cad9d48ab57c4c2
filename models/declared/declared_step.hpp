#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/core/distribution.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/units.hpp"

namespace soundcheck {

// A step of an endpoint that is described in a scenario instead of written in C++. Exactly one of
// these.
struct DeclaredStep {
  enum class Kind : std::uint8_t { kCompute, kCall, kParallel, kRead, kWrite, kFail };
  Kind kind = Kind::kCompute;
  Distribution compute;                // of kCompute: CPU time of the host
  std::string call;                    // of kCall: "service.endpoint"
  std::vector<DeclaredStep> parallel;  // of kParallel: all at once, done when the last one is
  std::int64_t rows = 1;               // of kRead and kWrite
  Probability probability;             // of kFail
  int status = 500;                    // of kFail: the HTTP status answered
};

// A service without C++ behind it.
struct DeclaredService {
  Named<std::vector<DeclaredStep>> endpoints;
  static const ParameterTable<DeclaredService>& parameters();
};

template <>
struct ParameterForm<DeclaredStep> {
  static std::string phrase() {
    return "a step: compute: 3ms, call: service.endpoint, parallel: [...], read: {rows: 20}, "
           "write: {rows: 1} or fail: {probability: 1%}";
  }
  static void read(const ParameterNode& node, DeclaredStep& into, ParameterReader& reader);
  static ParameterNode print(const DeclaredStep& value);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
