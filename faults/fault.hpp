#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "faults/fault_definition.hpp"
#include "faults/fault_plan.hpp"
#include "faults/victim_selector.hpp"

namespace soundcheck {

// One fault of a scenario at work: waits for its time or its point, strikes, heals. What it draws
// comes from streams of its own, one for each strike, so that neither another fault nor a strike
// that is left out shifts any draw.
class Fault final : public FailpointWatcher {
 public:
  struct Setup {
    World& world;
    Outages& outages;
    FaultPlan& record;        // where strikes are written down
    const FaultPlan* replay;  // strikes that happen, instead of drawing; may be null
  };
  // `number` is that of the scenario, `label` names the random streams.
  Fault(Setup setup, FaultSpec spec, std::uint32_t number, std::string label);
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
  ~Fault() override { stop(); }

  void start();
  // Heals what is in force; nothing strikes any more.
  void stop();

  const FaultSpec& spec() const { return spec_; }
  std::uint64_t struck() const { return struck_; }
  // Strikes that are over and have changed something in the world (Injection::effects).
  std::uint64_t effective() const { return effective_; }
  bool active() const { return !active_.empty(); }

  Verdict at_failpoint(const FailpointContext& at) override;
  bool could_strike(const FailpointContext& at) const override;

 private:
  struct Active {
    explicit Active(World& world) : disturbs(world) {}
    DisturbanceGuard disturbs;  // whatever the kind breaks
    std::unique_ptr<Injection> injection;
    TimerId end;  // invalid: lasts until stop()
  };

  // fault.cpp
  void schedule_next(Time last);
  void start_due();
  void strike_due();
  const Strike* planned() const;
  RandomStream stream(std::string_view purpose) const;
  void inject(const Strike& strike);
  void note(const Strike& strike);
  void finish(std::uint64_t occurrence);
  void note_end(std::uint64_t effects);
  static void on_due(void* self, std::uint64_t);
  static void on_end(void* self, std::uint64_t occurrence);

  // fault_aim.cpp
  bool concerns(const FailpointContext& at) const;
  bool matches(const FailpointContext& at) const;
  bool chosen();
  Verdict strike_at(const FailpointContext& at, Strike strike);
  ProcessId aimed_at(const FailpointContext& at) const;

  Setup setup_;
  FaultSpec spec_;
  const FaultDefinition& kind_;
  std::uint32_t number_;
  std::string label_;
  NameId kind_name_;
  VictimSelector victims_;
  RandomStream when_;  // gaps and chances
  NameId saga_;        // of the aim; invalid: any
  NameId step_;
  ServiceId worker_;              // whose process has come there; invalid: any
  std::vector<AimPoint> points_;  // where an aimed fault may strike, one a failpoint
  std::deque<ArmedFailpoint> armed_;
  TimerId due_;
  std::map<std::uint64_t, Active> active_;  // by occurrence
  std::uint64_t occurrences_ = 0;
  std::uint64_t struck_ = 0;
  std::uint64_t effective_ = 0;
};

}  // namespace soundcheck
