#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

// Aims a fault at the worst moment instead of a time: whenever the work on a saga comes to that
// step and phase. What is left out matches everything.
struct ScenarioFaultAim {
  std::string saga;
  std::string step;
  std::string phase;
  std::string service;         // whose process has come there; empty: that of the target
  std::optional<bool> undo;    // only compensations, or only forward work
  std::optional<int> attempt;  // of the step; 1 is the first try
  Probability chance = Probability::always();
  std::optional<int> occurrence;   // only the n-th time, counted from 1
  std::optional<int> occurrences;  // at most that many strikes
  static const ParameterTable<ScenarioFaultAim>& parameters();
};

// What is broken. A fault kind says which of these it takes.
struct ScenarioFaultTarget {
  std::string service;
  std::string database;  // the database server of that service
  std::string replica;   // a number from 0, or one of replica_roles()
  std::string host;
  std::string zone;
  std::string region;
  std::string from;    // one end of a connection: a service, database, zone, region or host
  std::string to;      // the other end
  std::string method;  // an endpoint of the service
  static const ParameterTable<ScenarioFaultTarget>& parameters();
};

// One entry of the fault plan. Exactly one of at, every and when is set.
struct ScenarioFault {
  std::string kind;
  std::string name;  // what reports call it, and what names its random streams; see name_faults()
  std::optional<Duration> at;            // after the start of the load
  std::optional<Distribution> every;     // again and again, this long after the last start
  std::optional<ScenarioFaultAim> when;  // whenever a saga comes there
  std::optional<Duration>
      lasts;  // `for`; empty: until the settle phase, or as long as the kind says
  ScenarioFaultTarget target;
  Settings settings;                                         // the parameters of the kind
  static const ParameterTable<ScenarioFault>& parameters();  // without those of the kind
};

// Words that a target's `replica` may be, besides a number.
const std::vector<std::string>& replica_roles();

// Gives every fault without a name one that says what it does: "process.crash payments",
// "process.crash payments at subscribe.charge_payment before-reply". It depends on nothing but
// kind, target and aim, so that another fault shifts none of its random draws; only of faults that
// are alike in all three, the second is called "... (2)".
void name_faults(std::vector<ScenarioFault>& faults);

// The parameters of the kind stand beside those of the envelope: { at: 3m, kind: network.delay,
// delay: 200ms }. Kinds come from the reader's context, group "fault".
template <>
struct ParameterForm<std::vector<ScenarioFault>> {
  static std::string phrase() { return "a list of faults"; }
  static void read(const ParameterNode& node, std::vector<ScenarioFault>& into,
                   ParameterReader& reader);
  static ParameterNode print(const std::vector<ScenarioFault>& faults);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
