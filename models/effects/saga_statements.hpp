#pragma once

#include <string>
#include <string_view>

#include "sim/core/parameters.hpp"
#include "sim/core/parameters_named.hpp"

namespace soundcheck {

// What a step is to its saga.
enum class StepRole { kCompensatable, kPivot, kRetriable, kOptional, kNone };

// What whoever does a step knows of what was done before.
enum class StepGuard { kNone, kIdempotent, kFence };

// What a scenario states of one step of a saga.
struct StepStatement {
  StepRole role = StepRole::kCompensatable;
  std::string undo;  // the task that undoes it, by reference or name; empty: nothing does
  StepGuard guard = StepGuard::kNone;
  static const ParameterTable<StepStatement>& parameters();
};

// By workflow, then by the step's reference, or its name where references are made while it runs.
using SagaStatements = Named<Named<StepStatement>>;

// What a step of a workflow is called in the books: "car", or "trip.car" when another workflow
// states a step of that name. `reference`: of the task, if the statement names it otherwise.
std::string step_name(const SagaStatements& statements, const std::string& workflow,
                      const std::string& step, std::string_view reference);

template <>
struct ParameterChoices<StepRole> {
  static constexpr ParameterChoice<StepRole> kChoices[] = {
      {StepRole::kCompensatable, "compensatable", "undone when the saga fails"},
      {StepRole::kPivot, "pivot", "the point of no return: once it stands, nothing is undone"},
      {StepRole::kRetriable, "retriable", "behind the pivot: has to be done in the end"},
      {StepRole::kOptional, "optional", "its failure does not matter, and nothing undoes it"},
      {StepRole::kNone, "none", "changes nothing that would have to be undone"},
  };
};
template <>
struct ParameterChoices<StepGuard> {
  static constexpr ParameterChoice<StepGuard> kChoices[] = {
      {StepGuard::kNone, "none", "every execution takes effect, of the step and of its undo"},
      {StepGuard::kIdempotent, "idempotent",
       "an idempotency key: again changes nothing, nor does the undo of what was not done"},
      {StepGuard::kFence, "fence", "besides refuses to do what was undone before"},
  };
};

}  // namespace soundcheck
