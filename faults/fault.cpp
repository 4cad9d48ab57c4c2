#include "faults/fault.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

const FaultDefinition& kind_of(const FaultSpec& spec) {
  const FaultDefinition* const kind = find_fault_kind(spec.kind);
  SOUNDCHECK_ASSERT(kind != nullptr, "no kind of fault named {}", spec.kind);
  return *kind;
}

}  // namespace

Fault::Fault(Setup setup, FaultSpec spec, std::uint32_t number, std::string label)
    : setup_(setup),
      spec_(std::move(spec)),
      kind_(kind_of(spec_)),
      number_(number),
      label_(std::move(label)),
      kind_name_(setup.world.names().intern(kind_.name)),
      victims_(setup.world, spec_, kind_.reach,
               setup.world.random(fmt::format("fault/{}/one", label_))),
      when_(setup.world.random(fmt::format("fault/{}/when", label_))) {
  if (!spec_.when) return;
  const FaultAim& aim = *spec_.when;
  if (aim.phase) {
    points_ = {*aim.phase};
  } else {
    for (const AimPhase& phase : aim_phases()) {
      if (kind_.can_strike_at(phase.point.failpoint)) points_.push_back(phase.point);
    }
  }
  if (aim.saga) saga_ = setup_.world.names().intern(*aim.saga);
  if (aim.step) step_ = setup_.world.names().intern(*aim.step);
  if (aim.service) {
    worker_ = setup_.world.service_named(*aim.service);
    SOUNDCHECK_ASSERT(worker_.valid(), "no service {}", *aim.service);
  }
}

void Fault::start() {
  World& world = setup_.world;
  if (spec_.when) {
    for (const AimPoint& point : points_) {
      armed_.emplace_back(world.failpoints(), point.failpoint, *this);
    }
  } else if (spec_.at) {
    due_ = world.kernel().schedule_in(*spec_.at, {&Fault::on_due, this, 0});
  } else {
    schedule_next(world.now());
  }
}

void Fault::schedule_next(Time last) {
  if (!spec_.every) return;
  const Duration gap = spec_.every->sample(when_);
  if (gap > Time::never() - last) return;
  due_ = setup_.world.kernel().schedule(last + gap, {&Fault::on_due, this, 0});
}

void Fault::on_due(void* self, std::uint64_t) {
  static_cast<Fault*>(self)->start_due();
}

void Fault::start_due() {
  due_ = {};
  ++occurrences_;
  if (!active()) strike_due();  // else the last strike still lasts
  schedule_next(setup_.world.now());
}

void Fault::strike_due() {
  Strike strike{.fault = number_,
                .at = setup_.world.now(),
                .failpoint = {},
                .occurrence = occurrences_,
                .verdict = {},
                .victims = {}};
  if (setup_.replay != nullptr) {
    const Strike* const recorded = planned();
    if (recorded == nullptr) return;
    strike.victims = victims_.still_there(recorded->victims);
  } else {
    RandomStream random = stream("target");
    strike.victims = victims_.select(ProcessId(), random);
  }
  if (victims_.any(strike.victims)) inject(strike);
}

// The recorded strike of this occurrence, or null.
const Strike* Fault::planned() const {
  for (const Strike& strike : *setup_.replay) {
    if (strike.fault == number_ && strike.occurrence == occurrences_) return &strike;
  }
  return nullptr;
}

RandomStream Fault::stream(std::string_view purpose) const {
  return setup_.world.random(fmt::format("fault/{}/strike/{}/{}", label_, occurrences_, purpose));
}

void Fault::note(const Strike& strike) {
  ++struck_;
  setup_.record.push_back(strike);
  setup_.world.emit(FaultStarted{.fault_kind = kind_name_, .number = number_});
}

void Fault::inject(const Strike& strike) {
  note(strike);
  World& world = setup_.world;
  Active& active = active_.try_emplace(strike.occurrence, world).first->second;
  active.injection =
      kind_.inject({world, setup_.outages, spec_.settings, strike.victims, stream("effect")});
  const std::optional<Duration> lasts =
      kind_.lasts != nullptr ? kind_.lasts(spec_.settings) : spec_.lasts;
  if (lasts) {
    active.end = world.kernel().schedule_in(*lasts, {&Fault::on_end, this, strike.occurrence});
  }
}

void Fault::on_end(void* self, std::uint64_t occurrence) {
  static_cast<Fault*>(self)->finish(occurrence);
}

void Fault::finish(std::uint64_t occurrence) {
  const auto ended = active_.extract(occurrence);
  setup_.world.kernel().cancel(ended.mapped().end);
  const std::uint64_t effects = ended.mapped().injection->effects();
  ended.mapped().injection.reset();
  note_end(effects);
}

void Fault::note_end(std::uint64_t effects) {
  if (effects > 0) ++effective_;
  setup_.world.emit(FaultEnded{.fault_kind = kind_name_, .number = number_, .effects = effects});
}

void Fault::stop() {
  armed_.clear();
  setup_.world.kernel().cancel(due_);
  due_ = {};
  while (active()) finish(active_.begin()->first);
}

}  // namespace soundcheck
