#include "faults/injector.hpp"

#include <fmt/format.h>

#include <map>

namespace soundcheck {

FaultInjector::FaultInjector(World& world, std::vector<FaultSpec> specs)
    : FaultInjector(world, std::move(specs), nullptr) {}

FaultInjector::FaultInjector(World& world, std::vector<FaultSpec> specs, FaultPlan replay)
    : FaultInjector(world, std::move(specs), std::make_unique<FaultPlan>(std::move(replay))) {}

FaultInjector::FaultInjector(World& world, std::vector<FaultSpec> specs,
                             std::unique_ptr<FaultPlan> replay)
    : outages_(world), replay_(std::move(replay)) {
  // A fault without a name is the n-th of its kind: one of another kind in front of it shifts no
  // draw.
  std::map<std::string, int> of_kind;
  for (FaultSpec& spec : specs) {
    std::string label =
        spec.name.empty() ? fmt::format("{}#{}", spec.kind, ++of_kind[spec.kind]) : spec.name;
    const auto number = static_cast<std::uint32_t>(faults_.size());
    faults_.push_back(
        std::make_unique<Fault>(Fault::Setup{world, outages_, strikes_, replay_.get()},
                                std::move(spec), number, std::move(label)));
  }
}

void FaultInjector::start() {
  for (const auto& fault : faults_) fault->start();
}

void FaultInjector::heal_all() {
  for (const auto& fault : faults_) fault->stop();
}

std::vector<std::size_t> FaultInjector::never_struck() const {
  std::vector<std::size_t> faults;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (faults_[i]->struck() == 0) faults.push_back(i);
  }
  return faults;
}

}  // namespace soundcheck
