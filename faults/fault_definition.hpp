#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faults/fault_spec.hpp"
#include "faults/guarantees.hpp"
#include "faults/injection.hpp"

namespace soundcheck {

// What a kind of fault acts on. It decides which targets fit:
//   processes, hosts   everything but a route
//   routes             a route; or anything else, which is then cut off from everybody else
//   calls              a route (callers and callees), or the service that is called
enum class Reach : std::uint8_t { kProcesses, kHosts, kRoutes, kCalls };
std::span<const TargetForm> targets_of(Reach reach);
// The fields of a target that a kind of this reach takes: "service", "replica", "from", ...
std::vector<std::string_view> target_fields_of(Reach reach);

// A rule that a specification breaks: the parameter, a sentence without a full stop, and what to
// write instead.
struct FaultProblem {
  std::string parameter;  // "target.replica", "for"; empty: the fault as a whole
  std::string sentence;
  std::string hint = {};
};

// The declaration of one kind of fault: a file in kinds/, a line in faults.def, a test.
struct FaultDefinition {
  std::string_view name;
  const AnyParameterTable* parameters = nullptr;  // its help() is the kind's help sentence
  Reach reach = Reach::kProcesses;
  // Both must be given. What it may break (it keeps the other guarantees), and what comes of it at
  // a failpoint: kCrash if a process may end, the verdicts that `verdict` may return, or kPass
  // alone.
  Guarantees may_break;
  VerdictSet verdicts;
  std::string_view aims_at = {};  // what names of failpoints begin with that it can strike at

  // Injects. Some victim is there.
  std::unique_ptr<Injection> (*inject)(InjectionSite site) = nullptr;
  // How long a strike lasts, for kinds that heal by themselves; these take no `for`.
  Duration (*lasts)(const Settings& settings) = nullptr;
  // For kinds that, when aimed, decide about the very message at the failpoint instead of
  // injecting.
  Verdict (*verdict)(const VerdictSite& site) = nullptr;
  // Draws parameters of the kind for random plans, within what its table and `check` allow.
  Settings (*sample)(RandomStream& random) = nullptr;
  // What is wrong with a specification beyond the rules that hold for every kind.
  void (*check)(const FaultSpec& spec, std::vector<FaultProblem>& problems) = nullptr;

  std::string_view help() const { return parameters->help(); }
  bool takes(TargetForm form) const;
  // Whether the failpoint is one of its own, and permits all that may come of it there.
  bool can_strike_at(Failpoint failpoint) const;
};

// Every kind, in alphabetical order.
std::span<const FaultDefinition* const> fault_kinds();
const FaultDefinition* find_fault_kind(std::string_view name);  // nullptr if there is none

}  // namespace soundcheck
