#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/core/units.hpp"

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

// Reads a word (all, any, one, minority, majority, involved) or a number.
Parsed<ReplicaRole> parse_replica_role(std::string_view text);
std::string to_text(const ReplicaRole& role);

}  // namespace soundcheck
