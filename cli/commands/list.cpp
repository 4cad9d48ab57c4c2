#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/layout.hpp"
#include "cli/process_exit.hpp"
#include "cli/reference.hpp"
#include "cli/usage_error.hpp"
#include "scenarios/assembly/run.hpp"
#include "sim/core/did_you_mean.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::cli {
namespace {

Json json_of_topic(const ReferenceTopic& topic) {
  Json entries = Json::array();
  for (const ReferenceEntry& entry : topic.entries) {
    entries.push_back({{"name", entry.name}, {"help", entry.help}});
  }
  return entries;
}

std::string overview(const std::vector<ReferenceTopic>& topics) {
  std::vector<Row> rows;
  for (const ReferenceTopic& topic : topics) {
    rows.push_back(
        {std::string(topic.name), fmt::format("{} ({})", topic.about, topic.entries.size())});
  }
  return "What can be listed: soundcheck list TOPIC\n\n" + two_columns(rows);
}

std::string page(const ReferenceTopic& topic) {
  std::vector<Row> rows;
  for (const ReferenceEntry& entry : topic.entries) rows.push_back({entry.name, entry.help});
  return two_columns(rows, 0);
}

const ReferenceTopic& find_topic(const std::vector<ReferenceTopic>& topics,
                                 const std::string& name) {
  const auto at = std::ranges::find(topics, name, &ReferenceTopic::name);
  if (at != topics.end()) return *at;
  std::vector<std::string> names;
  for (const ReferenceTopic& topic : topics) names.emplace_back(topic.name);
  const std::string nearest = nearest_name(name, names);
  throw UsageError(fmt::format("there is no topic '{}'", name),
                   nearest.empty() ? fmt::format("there are {}", joined_with_or(names))
                                   : fmt::format("did you mean '{}'?", nearest));
}

int run_list(const Arguments& arguments, Console& console) {
  const std::vector<ReferenceTopic> topics = reference_topics(reference_catalogue());
  const bool as_json = arguments.has("--json");
  if (!arguments.operands.empty()) {
    const ReferenceTopic& topic = find_topic(topics, arguments.operands.front());
    console.print(as_json ? json_of_topic(topic).dump(2) + "\n" : page(topic));
    return kExitFine;
  }
  if (as_json) {
    Json all = Json::object();
    for (const ReferenceTopic& topic : topics) all[std::string(topic.name)] = json_of_topic(topic);
    console.print(all.dump(2) + "\n");
  } else {
    console.print(overview(topics));
  }
  return kExitFine;
}

}  // namespace

const Command& list_command() {
  static const Command command{
      .name = "list",
      .summary = "list what a scenario can name: services, faults, invariants, ...",
      .examples = {{"soundcheck list", "what can be listed"},
                   {"soundcheck list faults", "every kind of fault"},
                   {"soundcheck list --json", "everything, for programs"}},
      .operands = {"TOPIC", "services, sagas, faults, ...; without it: the topics", 0, 1},
      .options = {{.name = "--json", .help = "print JSON"}},
      .run = run_list};
  return command;
}

}  // namespace soundcheck::cli
