#include "scenarios/model/fault.hpp"

#include <map>

namespace soundcheck {
namespace {

constexpr const char* kFaultGroup = "fault";

const std::map<std::string, const AnyParameterTable*>& kinds_in(const KindTables* kinds) {
  static const std::map<std::string, const AnyParameterTable*> none;
  if (kinds == nullptr) return none;
  const auto group = kinds->find(kFaultGroup);
  return group == kinds->end() ? none : group->second;
}

void read_fault(const ParameterNode& node, ScenarioFault& fault, ParameterReader& reader) {
  const AnyParameterTable& envelope = ScenarioFault::parameters();
  const auto& kinds = kinds_in(reader.context().kinds);
  const auto* kind = node.find("kind");
  const auto known = kind == nullptr ? kinds.end() : kinds.find(kind->value.text);
  if (known != kinds.end()) {
    fault.settings = Settings(*known->second);
    const BoundTable tables[] = {{&envelope, &fault}, {known->second, fault.settings.object()}};
    return read_together(node, tables, reader);
  }
  if (kind != nullptr && kind->value.is_text()) {
    std::vector<std::string> names;
    for (const auto& [name, table] : kinds) names.push_back(name);
    const ParameterReader::Inside inside(reader, "kind");
    reader.report_unknown(MistakeCode::kUnknownName, kind->value.position,
                          fmt::format("there is no fault kind '{}'", kind->value.text),
                          kind->value.text, names, "kinds");
  }
  // Whose fields the others are cannot be told, so only those of every fault are checked.
  ParameterNode common = node;
  std::erase_if(common.entries, [&](const auto& e) { return envelope.find(e.name) == nullptr; });
  envelope.read(common, &fault, reader);
}

}  // namespace

const ParameterTable<ScenarioFaultAim>& ScenarioFaultAim::parameters() {
  static const auto table =
      ParameterTable<ScenarioFaultAim>("when", "The moment in a saga that a fault waits for.")
          .optional("saga", &ScenarioFaultAim::saga, "name of the saga; left out: any")
          .optional("step", &ScenarioFaultAim::step, "step of the saga; left out: any")
          .optional("phase", &ScenarioFaultAim::phase, "moment within the step; left out: any")
          .optional("service", &ScenarioFaultAim::service,
                    "whose process has come there; left out: that of the target")
          .optional("undo", &ScenarioFaultAim::undo,
                    "true: only compensations, false: only forward work; left out: both")
          .optional("attempt", &ScenarioFaultAim::attempt,
                    "only this try of the step, counted from 1; left out: any",
                    between(1, 1'000'000))
          .optional("chance", &ScenarioFaultAim::chance,
                    "how often it strikes when the moment comes")
          .optional("occurrence", &ScenarioFaultAim::occurrence,
                    "only the n-th time the moment comes; left out: every time",
                    between(1, 1'000'000'000))
          .optional("occurrences", &ScenarioFaultAim::occurrences,
                    "at most that many strikes; left out: any number", between(1, 1'000'000'000));
  return table;
}

const ParameterTable<ScenarioFaultTarget>& ScenarioFaultTarget::parameters() {
  static const auto table =
      ParameterTable<ScenarioFaultTarget>("target", "What a fault breaks.")
          .optional("service", &ScenarioFaultTarget::service, "a service")
          .optional("database", &ScenarioFaultTarget::database,
                    "the database server of the service of that name")
          .optional(
              "replica", &ScenarioFaultTarget::replica,
              "which of its replicas: a number from 0, all, any (drawn anew each time), one "
              "(drawn once), minority, majority, or involved (the one that works on the saga)")
          .optional("host", &ScenarioFaultTarget::host,
                    "a host; hosts bear the names of what runs on them: payments-0")
          .optional("zone", &ScenarioFaultTarget::zone, "a zone")
          .optional("region", &ScenarioFaultTarget::region, "a region")
          .optional("from", &ScenarioFaultTarget::from,
                    "one end: a service, database, zone, region or host")
          .optional("to", &ScenarioFaultTarget::to,
                    "the other end: a service, database, zone, region or host")
          .optional("method", &ScenarioFaultTarget::method, "an endpoint of the service");
  return table;
}

const ParameterTable<ScenarioFault>& ScenarioFault::parameters() {
  static const auto table =
      ParameterTable<ScenarioFault>("fault", "Something that breaks, and when.")
          .required("kind", &ScenarioFault::kind, "what breaks (`soundcheck list faults`)")
          .optional("name", &ScenarioFault::name, "what reports call it")
          .optional("at", &ScenarioFault::at, "time after the start of the load")
          .optional("every", &ScenarioFault::every,
                    "again and again, this long after the last start")
          .optional("when", &ScenarioFault::when, "whenever a saga comes to this moment")
          .optional("for", &ScenarioFault::lasts,
                    "how long it lasts; left out: to the end of the load", above_zero)
          .optional("target", &ScenarioFault::target, "what it breaks");
  return table;
}

const std::vector<std::string>& replica_roles() {
  static const std::vector<std::string> roles = {"all",      "any",      "one",
                                                 "minority", "majority", "involved"};
  return roles;
}

namespace {

std::string described(const ScenarioFault& fault) {
  const ScenarioFaultTarget& target = fault.target;
  std::string text = fault.kind;
  for (const std::string* part : {&target.service, &target.host, &target.zone, &target.region}) {
    if (!part->empty()) text += " " + *part;
  }
  if (!target.database.empty()) text += fmt::format(" {}.database", target.database);
  if (!target.replica.empty() && target.replica != "involved") text += " " + target.replica;
  if (!target.from.empty() || !target.to.empty()) {
    text += fmt::format(" {} -> {}", target.from.empty() ? "all" : target.from,
                        target.to.empty() ? "all" : target.to);
  }
  if (!target.method.empty()) text += " " + target.method;
  if (!fault.when) return text;
  const ScenarioFaultAim& aim = *fault.when;
  text += fmt::format(" at {}.{}", aim.saga.empty() ? "any" : aim.saga,
                      aim.step.empty() ? "any" : aim.step);
  for (const std::string* part : {&aim.phase, &aim.service}) {
    if (!part->empty()) text += " " + *part;
  }
  if (aim.undo) text += *aim.undo ? " undo" : " forward";
  if (aim.attempt) text += fmt::format(" attempt {}", *aim.attempt);
  return text;
}

}  // namespace

void name_faults(std::vector<ScenarioFault>& faults) {
  std::map<std::string, int> alike;
  for (ScenarioFault& fault : faults) {
    if (!fault.name.empty()) continue;
    fault.name = described(fault);
    if (const int number = ++alike[fault.name]; number > 1) {
      fault.name += fmt::format(" ({})", number);
    }
  }
}

void ParameterForm<std::vector<ScenarioFault>>::read(const ParameterNode& node,
                                                     std::vector<ScenarioFault>& into,
                                                     ParameterReader& reader) {
  if (!expect_list(node, phrase(), reader)) return;
  into.clear();
  for (const ParameterNode& item : node.items) {
    const ParameterReader::Inside inside(reader, std::to_string(into.size()));
    ScenarioFault& fault = into.emplace_back();
    if (expect_map(item, "a fault", reader)) read_fault(item, fault, reader);
  }
}

ParameterNode ParameterForm<std::vector<ScenarioFault>>::print(
    const std::vector<ScenarioFault>& faults) {
  ParameterNode list = ParameterNode::list();
  for (const ScenarioFault& fault : faults) {
    ParameterNode node = ScenarioFault::parameters().print(&fault);
    if (!fault.settings.empty()) {
      for (auto& entry : fault.settings.table()->print(fault.settings.object()).entries) {
        node.set(entry.name, std::move(entry.value));
      }
    }
    list.items.push_back(std::move(node));
  }
  return list;
}

// Each kind closes the map for itself: the fields of the envelope and its own are allowed, no
// others.
Json ParameterForm<std::vector<ScenarioFault>>::schema(SchemaWriter& writer) {
  Json fault = ScenarioFault::parameters().schema(writer);
  const Json envelope = fault["properties"];
  fault.erase("additionalProperties");
  Json names = Json::array();
  Json by_kind = Json::array();
  for (const auto& [name, table] : kinds_in(writer.kinds)) {
    names.push_back(name);
    Json own = table->schema(writer);
    own.erase("type");
    for (const auto& [field, schema] : envelope.items()) own["properties"].emplace(field, true);
    by_kind.push_back(
        {{"if", {{"properties", {{"kind", {{"const", name}}}}}}}, {"then", std::move(own)}});
  }
  if (!names.empty()) {
    fault["properties"]["kind"]["enum"] = names;
    fault["allOf"] = std::move(by_kind);
  }
  return {{"type", {"array", "null"}}, {"items", std::move(fault)}};
}

}  // namespace soundcheck
