#pragma once

#include <vector>

#include "sim/core/parameters_node.hpp"

namespace soundcheck {

// An entry of a map before its name is known to be a text.
struct FlowPart {
  ParameterNode name;
  ParameterNode value;
};

// In a flow collection YAML ends a plain text at a comma, so `{ cpu: uniform(1ms, 5ms), request: 9B
// }` arrives as cpu = "uniform(1ms", "5ms)" = nothing, request = "9B". These join the parts of a
// bracket that a later part closes.
void join_split_entries(std::vector<FlowPart>& parts);
void join_split_items(std::vector<ParameterNode>& items);

}  // namespace soundcheck
