#pragma once

#include <string>
#include <vector>

#include "faults/fault_spec.hpp"
#include "sim/core/parameters.hpp"

namespace soundcheck {

// Gives every fault without a name one that says what it does: "process.crash payments",
// "process.crash payments at subscribe.charge_payment before-reply". It depends on nothing but
// kind, target and aim, so that another fault shifts none of its random draws; only of faults that
// are alike in all three, the second is called "... (2)".
void name_faults(std::vector<FaultSpec>& faults);

// The parameters of the kind stand beside those of every fault: { at: 3m, kind: network.delay,
// delay: 200ms }.
template <>
struct ParameterForm<std::vector<FaultSpec>> {
  static std::string phrase() { return "a list of faults"; }
  static void read(const ParameterNode& node, std::vector<FaultSpec>& into,
                   ParameterReader& reader);
  static ParameterNode print(const std::vector<FaultSpec>& faults);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
