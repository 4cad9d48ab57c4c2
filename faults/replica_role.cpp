#include "faults/replica_role.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

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
constexpr std::int64_t kMostReplicas = 1'000'000;

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

std::vector<std::string> replica_role_words() {
  std::vector<std::string> words;
  for (const auto& [word, kind] : kRoleWords) words.emplace_back(word);
  return words;
}

std::optional<ReplicaRole> parse_replica_role(std::string_view text) {
  for (const auto& [word, kind] : kRoleWords) {
    if (word == text) return ReplicaRole{kind};
  }
  const auto number = parse_integer(text);
  if (!number || *number < 0 || *number > kMostReplicas) return std::nullopt;
  return ReplicaRole{Role::kIndex, static_cast<std::uint32_t>(*number)};
}

std::string to_text(const ReplicaRole& role) {
  for (const auto& [word, kind] : kRoleWords) {
    if (kind == role.kind) return std::string(word);
  }
  return std::to_string(role.index);
}

void ParameterForm<ReplicaRole>::read(const ParameterNode& node, ReplicaRole& into,
                                      ParameterReader& reader) {
  if (!expect_text(node, phrase(), reader)) return;
  if (const auto role = parse_replica_role(node.text)) {
    into = *role;
  } else if (node.text == "primary") {
    reader.report(MistakeCode::kNotSimulated, node.position,
                  "copies of a database are not simulated yet, so none is the primary",
                  "name the database as target in place of service and replica");
  } else {
    std::vector<std::string> known = replica_role_words();
    known.emplace_back("or a number from 0");
    reader.report_unknown(MistakeCode::kUnknownName, node.position,
                          fmt::format("there is no replica '{}'", node.text), node.text, known,
                          "known");
  }
}

Json ParameterForm<ReplicaRole>::schema(SchemaWriter&) {
  std::string words;
  for (const auto& [word, kind] : kRoleWords) words += fmt::format("{}|", word);
  return {{"type", {"string", "integer"}}, {"pattern", fmt::format("^({}[0-9]+)$", words)}};
}

}  // namespace soundcheck
