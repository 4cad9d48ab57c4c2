#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Which of the replicas of a service a fault strikes.
struct ReplicaRole {
  enum class Kind : std::uint8_t {
    kAll,       // every replica
    kAny,       // one that runs, drawn anew at each strike
    kOne,       // one, drawn once: the same at each strike
    kMinority,  // as many as a majority can do without, of those that run, drawn anew
    kMajority,  // more than half, of those that run, drawn anew
    kIndex,     // the replica of that number, from 0
    kInvolved,  // aimed faults: the one that is at the failpoint
  };
  Kind kind = Kind::kAll;
  std::uint32_t index = 0;  // kIndex
  bool operator==(const ReplicaRole&) const = default;
};

// How many of `replicas` a role that is drawn takes. kAll: all of them.
std::size_t replicas_taken(ReplicaRole role, std::size_t replicas);

std::vector<std::string> replica_role_words();  // all, any, one, minority, majority, involved
// Reads one of the words, or a number from 0.
std::optional<ReplicaRole> parse_replica_role(std::string_view text);
std::string to_text(const ReplicaRole& role);

template <>
struct ParameterForm<ReplicaRole> {
  static std::string phrase() { return "a role such as any, or the number of a replica"; }
  static void read(const ParameterNode& node, ReplicaRole& into, ParameterReader& reader);
  static ParameterNode print(const ReplicaRole& role) {
    return ParameterNode::plain(to_text(role));
  }
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
