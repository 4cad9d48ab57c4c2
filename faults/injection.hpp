#pragma once

#include <cstdint>

#include "faults/guards.hpp"
#include "faults/outages.hpp"
#include "faults/victims.hpp"
#include "sim/core/parameters.hpp"
#include "sim/core/random.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// A fault in force: constructing one of its derived classes injects, destroying it heals.
// effects() counts how often the world differs for it: a process ended, a host went down, a message
// was held back, lost or answered with an error. Whether anybody noticed is another question.
class Injection {
 public:
  Injection() = default;
  Injection(const Injection&) = delete;
  Injection& operator=(const Injection&) = delete;
  virtual ~Injection() = default;
  virtual std::uint64_t effects() const = 0;
};

// What a kind of fault gets to inject with. The references outlive the injection.
struct InjectionSite {
  World& world;
  Outages& outages;
  const Settings& settings;
  const Victims& victims;
  RandomStream random;  // of this strike alone
};

// What a kind of fault gets to decide about one message or operation.
struct VerdictSite {
  World& world;
  const Settings& settings;
  const Victims& victims;
  const FailpointContext& at;
  RandomStream& random;
};

// Tells the event stream that a fault has decided something at a failpoint.
void emit_failpoint_fired(World& world, const FailpointContext& at, const Verdict& verdict);

}  // namespace soundcheck
