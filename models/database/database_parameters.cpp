#include "models/database/database_parameters.hpp"

#include "sim/core/call_text.hpp"

namespace soundcheck {

const ParameterTable<DatabaseParameters>& DatabaseParameters::parameters() {
  static const auto table =
      ParameterTable<DatabaseParameters>("database", "The database server of a service.")
          .optional("connections", &DatabaseParameters::connections,
                    "connections of each replica of the service", between(1, 100'000))
          .optional("commit", &DatabaseParameters::commit, "time to make a commit durable")
          .optional("statement", &DatabaseParameters::statement, "computing time of a statement")
          .optional("read", &DatabaseParameters::read_per_statement,
                    "what each statement reads from the host's disk", at_least(Bytes()))
          .optional("fsync", &DatabaseParameters::fsync, "when a commit is answered")
          .optional("replicas", &DatabaseParameters::replicas, "copies besides the primary",
                    between(0, 100))
          .optional("replication", &DatabaseParameters::replication, "how the copies are fed");
  return table;
}

Parsed<Replication> ParameterText<Replication>::parse(const ParameterNode& node,
                                                      const ParameterReader&) {
  const std::string_view text = without_outer_blanks(node.text);
  if (text == "sync") return Replication{.synchronous = true, .lag = {}};
  if (text == "async") return Replication{};
  if (!text.starts_with("async(") || !text.ends_with(")")) {
    return std::unexpected(
        fmt::format("'{}' is neither sync nor async; write it like async(lag 20ms)", text));
  }
  std::string_view lag = without_outer_blanks(text.substr(6, text.size() - 7));
  if (lag.starts_with("lag ")) lag.remove_prefix(4);
  const auto distribution = parse_distribution(without_outer_blanks(lag));
  if (!distribution) return std::unexpected(distribution.error());
  return Replication{.synchronous = false, .lag = *distribution};
}

std::string to_text(const Replication& value) {
  return value.synchronous ? "sync" : fmt::format("async(lag {})", to_text(value.lag));
}

}  // namespace soundcheck
