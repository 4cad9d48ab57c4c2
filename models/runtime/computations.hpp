#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/handle_set.hpp"
#include "sim/core/slab.hpp"
#include "sim/env/completion.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Computations that service code has begun, by process. They are given up with their process: its
// share of the host is free at once.
class Computations final : public ProcessObserver {
 public:
  explicit Computations(World& world);

  // Completes `done` with Nothing when that much time of an idle core is used up.
  void begin(ProcessId process, Duration work, SlotRef done);

  void on_process_down(ProcessId process, DownCause cause) override;

 private:
  struct Computation {
    ProcessId process;
    SlotRef done;
    ActivityId activity;
    std::uint32_t place = 0;  // among those of its process
  };

  void computed(Handle<Computation> id, Outcome outcome);

  World& world_;
  Slab<Computation> computations_;
  std::vector<HandleSet<Computation, &Computation::place>> of_process_;
};

}  // namespace soundcheck
