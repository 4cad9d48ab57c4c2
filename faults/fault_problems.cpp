#include "faults/fault_problems.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

using Problems = std::vector<FaultProblem>;

// More often than that is no fault but a hang of the simulator.
constexpr Duration kLeastPeriod = 1_ms;

void check_when(const FaultSpec& spec, Problems& problems) {
  if (!spec.at && !spec.every && !spec.when) {
    problems.push_back(
        {"", "nothing says when it strikes",
         "add at (a time), every (again and again) or when (a point of a saga step)"});
  }
  if (spec.when && (spec.at || spec.every)) {
    problems.push_back({"when", "an aimed fault strikes when its point is reached, not at a time",
                        fmt::format("remove {} or when", spec.at ? "at" : "every")});
  }
  if (spec.at && *spec.at < Duration()) {
    problems.push_back(
        {"at", fmt::format("{} lies before the start", to_text(*spec.at)), "write 0s or more"});
  }
  if (spec.every && spec.every->mean() < kLeastPeriod) {
    problems.push_back({"every",
                        fmt::format("a fault cannot strike again every {}",
                                    to_text(std::max(spec.every->mean(), Duration()))),
                        fmt::format("write {} or more", to_text(kLeastPeriod))});
  }
  if (spec.when && spec.when->occurrence && spec.when->occurrences) {
    problems.push_back({"when.occurrences",
                        "occurrence (only the n-th time) and occurrences (at most that many "
                        "strikes) exclude each other",
                        "remove one of them"});
  }
}

void check_lasts(const FaultSpec& spec, const FaultDefinition& kind, Problems& problems) {
  if (kind.lasts != nullptr && spec.lasts) {
    problems.push_back({"for",
                        fmt::format("{} ends by itself; its own parameters say when", kind.name),
                        "remove for"});
  }
  if (kind.lasts == nullptr && spec.every && !spec.lasts) {
    problems.push_back({"every",
                        fmt::format("a repeated {} must end before it can strike again", kind.name),
                        "say how long it lasts with for"});
  }
  if (spec.when && kind.verdict != nullptr && spec.lasts) {
    problems.push_back({"for",
                        fmt::format("an aimed {} strikes one message and is over", kind.name),
                        "remove for"});
  }
}

std::string list_of_targets(const FaultDefinition& kind) {
  std::string list;
  for (const TargetForm form : targets_of(kind.reach)) {
    if (!list.empty()) list += ", ";
    list += name_of(form);
    if (form == TargetForm::kRoute) list += " and to";
  }
  return list;
}

void check_target(const FaultSpec& spec, const FaultDefinition& kind, Problems& problems) {
  const std::vector<TargetForm> forms = spec.target.forms();
  if (forms.empty() && !spec.when) {
    problems.push_back({"target", fmt::format("nothing says what {} strikes", kind.name),
                        fmt::format("it takes {}", list_of_targets(kind))});
  }
  if (forms.size() > 1) {
    problems.push_back({"target",
                        fmt::format("{} and {} exclude each other: a fault has one target",
                                    name_of(forms[0]), name_of(forms[1])),
                        "make it two faults"});
  }
  for (const TargetForm form : forms) {
    if (kind.takes(form)) continue;
    problems.push_back({fmt::format("target.{}", name_of(form)),
                        fmt::format("{} does not take {} as target", kind.name, name_of(form)),
                        fmt::format("it takes {}", list_of_targets(kind))});
  }
  if (spec.target.method && kind.reach != Reach::kCalls) {
    problems.push_back({"target.method", fmt::format("{} strikes more than one method", kind.name),
                        "remove method"});
  }
  if (spec.target.method && !spec.target.service && !spec.target.to) {
    problems.push_back({"target.method", "nothing says whose method this is",
                        "name the service, as service or to"});
  }
}

void check_role(const FaultSpec& spec, Problems& problems) {
  if (!spec.target.replica) return;
  const std::vector<TargetForm> forms = spec.target.forms();
  const bool involved = spec.target.replica->kind == ReplicaRole::Kind::kInvolved;
  if (involved && !spec.when) {
    problems.push_back({"target.replica", "only an aimed fault (when) has an involved replica",
                        "write any, one or all"});
  }
  const bool has_replicas =
      !forms.empty() && (forms[0] == TargetForm::kService || forms[0] == TargetForm::kDatabase);
  if (!has_replicas && !(forms.empty() && involved)) {
    problems.push_back({"target.replica", "replicas are those of a service or a database",
                        "name one in the target"});
  }
}

// Phases, or where there is none, failpoints at which the kind can strike.
std::string list_of_points(const FaultDefinition& kind) {
  std::vector<std::string_view> points;
  for (const AimPhase& phase : aim_phases()) {
    if (kind.can_strike_at(phase.point.failpoint)) points.push_back(phase.name);
  }
  for (std::size_t i = 0; points.empty() && i < kFailpointCount; ++i) {
    const auto failpoint = static_cast<Failpoint>(i);
    if (kind.can_strike_at(failpoint)) points.push_back(name_of(failpoint));
  }
  return fmt::format("{}", fmt::join(points, ", "));
}

void check_phase(const FaultSpec& spec, const FaultDefinition& kind, Problems& problems) {
  if (!spec.when) return;
  if (!spec.when->phase) {
    const bool has_one = std::ranges::any_of(aim_phases(), [&](const AimPhase& phase) {
      return kind.can_strike_at(phase.point.failpoint);
    });
    if (!has_one) {
      problems.push_back({"when", fmt::format("{} can strike in no phase of a step", kind.name),
                          fmt::format("name a failpoint as phase: {}", list_of_points(kind))});
    }
    return;
  }
  const Failpoint failpoint = spec.when->phase->failpoint;
  if (!name_of(failpoint).starts_with(kind.aims_at)) {
    problems.push_back(
        {"when.phase", fmt::format("{} cannot strike at {}", kind.name, to_text(*spec.when->phase)),
         fmt::format("use one of: {}", list_of_points(kind))});
  } else if (!kind.can_strike_at(failpoint)) {
    problems.push_back(
        {"when.phase",
         fmt::format("{} comes to {}, but {} permits only {}", kind.name, to_text(kind.verdicts),
                     to_text(*spec.when->phase), to_text(permitted_at(failpoint))),
         fmt::format("use one of: {}", list_of_points(kind))});
  }
  const bool involved = effective_role(spec).kind == ReplicaRole::Kind::kInvolved;
  if (spec.target.database && involved && !name_of(failpoint).starts_with("db.")) {
    problems.push_back({"when.phase",
                        fmt::format("no database is involved in {}", to_text(*spec.when->phase)),
                        "use before-commit, in-commit or after-commit, or say which replica"});
  }
}

}  // namespace

ReplicaRole effective_role(const FaultSpec& spec) {
  if (spec.target.replica) return *spec.target.replica;
  return ReplicaRole{spec.when ? ReplicaRole::Kind::kInvolved : ReplicaRole::Kind::kAll};
}

std::vector<FaultProblem> problems_of(const FaultSpec& spec) {
  const FaultDefinition* const kind = find_fault_kind(spec.kind);
  SOUNDCHECK_ASSERT(kind != nullptr, "no kind of fault named {}", spec.kind);
  return problems_of(spec, *kind);
}

std::vector<FaultProblem> problems_of(const FaultSpec& spec, const FaultDefinition& kind) {
  Problems problems;
  check_when(spec, problems);
  check_lasts(spec, kind, problems);
  check_target(spec, kind, problems);
  check_role(spec, problems);
  check_phase(spec, kind, problems);
  if (kind.check != nullptr) kind.check(spec, problems);
  return problems;
}

}  // namespace soundcheck
