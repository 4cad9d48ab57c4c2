#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "faults/fault.hpp"
#include "faults/fault_plan.hpp"
#include "faults/fault_spec.hpp"
#include "faults/outages.hpp"

namespace soundcheck {

// The faults of one run. Made when all services and processes have been added to the world, and
// destroyed before the world and before whoever observes its processes; destroying heals.
// Specifications must be free of problems (problems_of) and name only what exists.
class FaultInjector {
 public:
  FaultInjector(World& world, std::vector<FaultSpec> specs);
  // Strikes exactly where a recorded run of the same scenario and seed was struck, or at a subset
  // of it.
  FaultInjector(World& world, std::vector<FaultSpec> specs, FaultPlan replay);
  FaultInjector(const FaultInjector&) = delete;
  FaultInjector& operator=(const FaultInjector&) = delete;

  void start();  // once, from where no coroutine runs
  // Ends every fault and arms none again: hosts are on, what was crashed runs, messages pass. Only
  // where no coroutine runs.
  void heal_all();

  std::size_t size() const { return faults_.size(); }
  const FaultSpec& spec(std::size_t fault) const { return faults_[fault]->spec(); }
  std::uint64_t struck(std::size_t fault) const { return faults_[fault]->struck(); }
  bool active(std::size_t fault) const { return faults_[fault]->active(); }
  std::uint64_t effective(std::size_t fault) const { return faults_[fault]->effective(); }
  // Faults that broke nothing: a rehearsal that did not take place.
  std::vector<std::size_t> never_struck() const;
  const FaultPlan& strikes() const { return strikes_; }

 private:
  FaultInjector(World& world, std::vector<FaultSpec> specs, std::unique_ptr<FaultPlan> replay);

  Outages outages_;
  FaultPlan strikes_;
  std::unique_ptr<const FaultPlan> replay_;
  std::vector<std::unique_ptr<Fault>> faults_;
};

}  // namespace soundcheck
