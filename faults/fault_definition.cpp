#include "faults/fault_definition.hpp"

#include <algorithm>
#include <array>

#include "faults/kinds.hpp"

namespace soundcheck {
namespace {

constexpr std::array kPlaces{TargetForm::kService, TargetForm::kDatabase, TargetForm::kHost,
                             TargetForm::kZone, TargetForm::kRegion};
constexpr std::array kPlacesAndRoute{TargetForm::kService, TargetForm::kDatabase,
                                     TargetForm::kHost,    TargetForm::kZone,
                                     TargetForm::kRegion,  TargetForm::kRoute};
constexpr std::array kServiceAndRoute{TargetForm::kService, TargetForm::kRoute};

}  // namespace

std::span<const TargetForm> targets_of(Reach reach) {
  switch (reach) {
    case Reach::kProcesses:
    case Reach::kHosts:
      return kPlaces;
    case Reach::kRoutes:
      return kPlacesAndRoute;
    case Reach::kCalls:
      return kServiceAndRoute;
  }
  return {};
}

std::vector<std::string_view> target_fields_of(Reach reach) {
  std::vector<std::string_view> fields;
  for (const TargetForm form : targets_of(reach)) {
    fields.push_back(name_of(form));
    if (form == TargetForm::kService) fields.emplace_back("replica");
    if (form == TargetForm::kRoute) fields.emplace_back("to");
  }
  if (reach == Reach::kCalls) fields.emplace_back("method");
  return fields;
}

bool FaultDefinition::takes(TargetForm form) const {
  const auto forms = targets_of(reach);
  return std::ranges::find(forms, form) != forms.end();
}

bool FaultDefinition::can_strike_at(Failpoint failpoint) const {
  return name_of(failpoint).starts_with(aims_at) && permitted_at(failpoint).contains(verdicts);
}

std::span<const FaultDefinition* const> fault_kinds() {
  static const std::array kKinds{
#define SOUNDCHECK_FAULT(function, name) &fault_kind::function(),
#include "faults/faults.def"
#undef SOUNDCHECK_FAULT
  };
  return kKinds;
}

const FaultDefinition* find_fault_kind(std::string_view name) {
  for (const FaultDefinition* const kind : fault_kinds()) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

}  // namespace soundcheck
