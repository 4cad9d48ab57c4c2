#include "faults/replica_role.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

using Role = ReplicaRole::Kind;
constexpr std::array<std::pair<std::string_view, Role>, 6> kRoleWords{
    {{"all", Role::kAll},
     {"any", Role::kAny},
     {"one", Role::kOne},
     {"minority", Role::kMinority},
     {"majority", Role::kMajority},
     {"involved", Role::kInvolved}}};

}  // namespace

std::size_t replicas_taken(ReplicaRole role, std::size_t replicas) {
  switch (role.kind) {
    case Role::kAll:
      return replicas;
    case Role::kMinority:
      return replicas == 0 ? 0 : (replicas - 1) / 2;
    case Role::kMajority:
      return replicas / 2 + 1;
    case Role::kAny:
    case Role::kOne:
    case Role::kIndex:
    case Role::kInvolved:
      break;
  }
  return 1;
}

Parsed<ReplicaRole> parse_replica_role(std::string_view text) {
  std::vector<std::string> words;
  for (const auto& [word, kind] : kRoleWords) {
    if (word == text) return ReplicaRole{kind};
    words.emplace_back(word);
  }
  const auto number = parse_integer(text);
  if (number && *number >= 0 && *number <= 1'000'000) {
    return ReplicaRole{Role::kIndex, static_cast<std::uint32_t>(*number)};
  }
  const std::string nearest = nearest_name(text, words);
  return std::unexpected(fmt::format(
      "'{}' is neither a replica's number nor one of all, any, one, minority, majority, "
      "involved{}",
      text, nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

std::string to_text(const ReplicaRole& role) {
  for (const auto& [word, kind] : kRoleWords) {
    if (kind == role.kind) return std::string(word);
  }
  return std::to_string(role.index);
}

}  // namespace soundcheck
