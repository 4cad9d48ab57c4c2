#include "faults/fault_spec.hpp"

namespace soundcheck {

std::string_view name_of(TargetForm form) {
  switch (form) {
    case TargetForm::kService:
      return "service";
    case TargetForm::kDatabase:
      return "database";
    case TargetForm::kHost:
      return "host";
    case TargetForm::kZone:
      return "zone";
    case TargetForm::kRegion:
      return "region";
    case TargetForm::kRoute:
      return "from";
  }
  return "";
}

std::vector<TargetForm> FaultTarget::forms() const {
  std::vector<TargetForm> given;
  if (service) given.push_back(TargetForm::kService);
  if (database) given.push_back(TargetForm::kDatabase);
  if (host) given.push_back(TargetForm::kHost);
  if (zone) given.push_back(TargetForm::kZone);
  if (region) given.push_back(TargetForm::kRegion);
  if (from || to) given.push_back(TargetForm::kRoute);
  return given;
}

const ParameterTable<FaultAim>& FaultAim::parameters() {
  static const auto table =
      ParameterTable<FaultAim>("when", "The moment in a saga that a fault waits for.")
          .optional("saga", &FaultAim::saga, "name of the saga; left out: any")
          .optional("step", &FaultAim::step, "step of the saga; left out: any")
          .optional("phase", &FaultAim::phase, "moment within the step; left out: any")
          .optional("service", &FaultAim::service,
                    "whose process has come there; left out: that of the target")
          .optional("undo", &FaultAim::undo,
                    "true: only compensations, false: only forward work; left out: both")
          .optional("attempt", &FaultAim::attempt,
                    "only this try of the step, counted from 1; left out: any",
                    between(1, 1'000'000))
          .optional("chance", &FaultAim::chance, "how often it strikes when the moment comes")
          .optional("occurrence", &FaultAim::occurrence,
                    "only the n-th time the moment comes; left out: every time",
                    between(1, 1'000'000'000))
          .optional("occurrences", &FaultAim::occurrences,
                    "at most that many strikes; left out: any number", between(1, 1'000'000'000));
  return table;
}

const ParameterTable<FaultTarget>& FaultTarget::parameters() {
  static const auto table =
      ParameterTable<FaultTarget>("target", "What a fault breaks.")
          .optional("service", &FaultTarget::service, "a service")
          .optional("database", &FaultTarget::database,
                    "the database server of the service of that name")
          .optional(
              "replica", &FaultTarget::replica,
              "which of its replicas: a number from 0, all, any (drawn anew each time), one "
              "(drawn once), minority, majority, or involved (the one that works on the saga)")
          .optional("host", &FaultTarget::host,
                    "a host; hosts bear the names of what runs on them: payments-0")
          .optional("zone", &FaultTarget::zone, "a zone")
          .optional("region", &FaultTarget::region, "a region")
          .optional("from", &FaultTarget::from,
                    "one end: a service, database, zone, region or host")
          .optional("to", &FaultTarget::to,
                    "the other end: a service, database, zone, region or host")
          .optional("method", &FaultTarget::method, "an endpoint of the service");
  return table;
}

const ParameterTable<FaultSpec>& FaultSpec::parameters() {
  static const auto table =
      ParameterTable<FaultSpec>("fault", "Something that breaks, and when.")
          .required("kind", &FaultSpec::kind, "what breaks (`soundcheck list faults`)")
          .optional("name", &FaultSpec::name, "what reports call it")
          .optional("at", &FaultSpec::at, "time after the start of the load")
          .optional("every", &FaultSpec::every, "again and again, this long after the last start")
          .optional("when", &FaultSpec::when, "whenever a saga comes to this moment")
          .optional("for", &FaultSpec::lasts, "how long it lasts; left out: to the end of the load",
                    above_zero)
          .optional("target", &FaultSpec::target, "what it breaks")
          .optional("may-miss", &FaultSpec::may_miss,
                    "true: the verdict stands even if no strike of it changed anything; else it is "
                    "unknown");
  return table;
}

}  // namespace soundcheck
