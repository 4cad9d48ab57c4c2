#include "faults/fault_problems.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

using Problems = std::vector<FaultProblem>;

void check_when(const FaultSpec& spec, Problems& problems) {
  if (!spec.at && !spec.every && !spec.when) {
    problems.push_back(
        {"",
         "nothing says when it strikes: at a time (at), repeatedly (every), or at a point of a "
         "saga step (when)"});
  }
  if (spec.when && (spec.at || spec.every)) {
    problems.push_back({"when", fmt::format("an aimed fault strikes when its point is reached, not "
                                            "at a time: remove {} or when",
                                            spec.at ? "at" : "every")});
  }
  if (spec.at && *spec.at < Duration()) {
    problems.push_back({"at", fmt::format("{} lies before the start", to_text(*spec.at))});
  }
  if (spec.every && spec.every->mean() <= Duration()) {
    problems.push_back({"every", "a fault cannot strike again after no time at all"});
  }
  if (spec.when && spec.when->occurrence && spec.when->occurrences) {
    problems.push_back({"when.occurrences",
                        "occurrence (only the n-th time) and occurrences (at most that many "
                        "strikes) exclude each other"});
  }
}

void check_lasts(const FaultSpec& spec, const FaultDefinition& kind, Problems& problems) {
  if (kind.lasts != nullptr && spec.lasts) {
    problems.push_back(
        {"for", fmt::format("{} ends by itself; its own parameters say when", kind.name)});
  }
  if (kind.lasts == nullptr && spec.every && !spec.lasts) {
    problems.push_back({"every", fmt::format("a repeated {} must end before it can strike again: "
                                             "say how long it lasts with for",
                                             kind.name)});
  }
  if (spec.when && kind.verdict != nullptr && spec.lasts) {
    problems.push_back(
        {"for", fmt::format("an aimed {} strikes one message and is over", kind.name)});
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
    problems.push_back({"target", fmt::format("nothing says what {} strikes; it takes {}",
                                              kind.name, list_of_targets(kind))});
  }
  if (forms.size() > 1) {
    problems.push_back({"target", fmt::format("{} and {} exclude each other: a fault has one "
                                              "target",
                                              name_of(forms[0]), name_of(forms[1]))});
  }
  for (const TargetForm form : forms) {
    if (kind.takes(form)) continue;
    problems.push_back({fmt::format("target.{}", name_of(form)),
                        fmt::format("{} does not take {} as target; it takes {}", kind.name,
                                    name_of(form), list_of_targets(kind))});
  }
  if (spec.target.method && kind.reach != Reach::kCalls) {
    problems.push_back(
        {"target.method", fmt::format("{} strikes more than one method", kind.name)});
  }
  if (spec.target.method && !spec.target.service && !spec.target.to) {
    problems.push_back({"target.method", "name the service whose method it is, as service or to"});
  }
}

void check_role(const FaultSpec& spec, Problems& problems) {
  if (!spec.target.replica) return;
  const std::vector<TargetForm> forms = spec.target.forms();
  const bool involved = spec.target.replica->kind == ReplicaRole::Kind::kInvolved;
  if (involved && !spec.when) {
    problems.push_back({"target.replica",
                        "only an aimed fault (when) has an involved replica; use any, one or all"});
  }
  const bool has_replicas =
      !forms.empty() && (forms[0] == TargetForm::kService || forms[0] == TargetForm::kDatabase);
  if (!has_replicas && !(forms.empty() && involved)) {
    problems.push_back({"target.replica",
                        "replicas are those of a service or a database: name one in the target"});
  }
}

void check_phase(const FaultSpec& spec, const FaultDefinition& kind, Problems& problems) {
  if (!spec.when || !spec.when->phase) return;
  const std::string_view checkpoint = name_of(spec.when->phase->checkpoint);
  if (!checkpoint.starts_with(kind.aims_at)) {
    problems.push_back(
        {"when.phase", fmt::format("{} cannot strike at {}, only at phases and "
                                   "checkpoints of {}*",
                                   kind.name, to_text(*spec.when->phase), kind.aims_at)});
  }
  const bool involved = effective_role(spec).kind == ReplicaRole::Kind::kInvolved;
  if (spec.target.database && involved && !checkpoint.starts_with("db.")) {
    problems.push_back(
        {"when.phase", fmt::format("no database is involved in {}; use before-commit, in-commit "
                                   "or after-commit, or say which replica",
                                   to_text(*spec.when->phase))});
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
  Problems problems;
  check_when(spec, problems);
  check_lasts(spec, *kind, problems);
  check_target(spec, *kind, problems);
  check_role(spec, problems);
  check_phase(spec, *kind, problems);
  if (kind->check != nullptr) kind->check(spec, problems);
  return problems;
}

}  // namespace soundcheck
