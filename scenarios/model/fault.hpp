#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/model/text_forms.hpp"

namespace soundcheck {

// Aims a fault at the worst moment instead of a time: whenever a saga comes to that step and phase.
struct ScenarioFaultAim {
  std::string saga;
  std::string step;   // empty: any step
  std::string phase;  // empty: any phase
  Probability chance = Probability::always();
  int occurrence = 0;  // only the n-th time, counted from 1; 0: every time
  static const ParameterTable<ScenarioFaultAim>& parameters();
};

// What is broken. A fault kind says which of these it takes.
struct ScenarioFaultTarget {
  std::string service;
  std::string
      replica;  // a number from 0, or a role: one, all, minority, majority, primary, involved
  std::string host;
  std::string zone;
  std::string region;
  std::string from;    // one end of a connection: a service, zone or region
  std::string to;      // the other end
  std::string method;  // an endpoint of the service
  static const ParameterTable<ScenarioFaultTarget>& parameters();
};

// One entry of the fault plan. Exactly one of at, every and when is set.
struct ScenarioFault {
  std::string kind;
  std::string name;            // what reports call it; filled with kind and number if left out
  std::optional<Duration> at;  // after the start of the load
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
