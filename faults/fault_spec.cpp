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

}  // namespace soundcheck
