#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "models/services/population.hpp"
#include "sim/core/random.hpp"
#include "sim/env/payload.hpp"
#include "sim/env/rpc.hpp"

namespace soundcheck {

// Who sends a request.
enum class UserGroup : std::uint8_t { kAnyone, kSubscribers, kNewcomers };

// One kind of request that clients send to the gateway, by the name that workloads use.
struct RequestType {
  std::string_view name;  // "subscribe": the method's name
  RpcName rpc;
  UserGroup users = UserGroup::kAnyone;
  // The message of user number `user`. `sequence` makes a client's idempotency key: the same stream
  // state, user and sequence give the same message, which is what a client's retry sends.
  Payload (*make)(RandomStream& random, std::int64_t user, std::uint64_t sequence) = nullptr;
};
std::span<const RequestType> request_types();
const RequestType* find_request_type(std::string_view name);  // null: there is none

// The number of the user who sends the request: anyone and subscribers by lot, newcomers one after
// the other, so that nobody comes twice before everybody came once. -1 when the group has no
// members.
std::int64_t pick_user(const PopulationSettings& population, UserGroup group, RandomStream& random,
                       std::uint64_t sequence);

}  // namespace soundcheck
