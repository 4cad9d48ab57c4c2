#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "sim/core/assert.hpp"
#include "sim/core/fingerprint.hpp"
#include "sim/core/ids.hpp"
#include "sim/core/result.hpp"
#include "sim/core/time.hpp"
#include "sim/events/event_values.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck {

// What can happen in a run; one line a kind in event_kinds.def.
enum class EventKind : std::uint16_t {
#define SOUNDCHECK_FIELD(slot, Type, name)
#define SOUNDCHECK_EVENT(Kind, text, fields) k##Kind,
#include "sim/events/event_kinds.def"
  kCount
};
std::string_view name_of(EventKind kind);  // "handler-ended"

// The fields of each kind: emit(HandlerEnded{.callee = process, .worked = 4_ms}). Those that are
// not named are empty.
#define SOUNDCHECK_FIELD(slot, Type, name) Type name{};
#define SOUNDCHECK_EVENT(Kind, text, fields)               \
  struct Kind {                                            \
    static constexpr EventKind kKind = EventKind::k##Kind; \
    fields bool operator==(const Kind&) const = default;   \
  };
#include "sim/events/event_kinds.def"

template <class T>
concept TypedEvent = requires {
  { T::kKind } -> std::convertible_to<EventKind>;
};

// One entry of the event stream: when, what kind, and the fields of that kind in slots, so that
// every kind has the same size and is mixed into the digest by the same few instructions. Slots
// without a field are zero.
class Event {
 public:
  Time at;
  EventKind kind{};

  template <TypedEvent T>
  static Event of(const T& fields, Time at = {}) {
    Event event;
    event.at = at;
    event.kind = T::kKind;
    event.write(fields);
    return event;
  }
  // The fields; the event must be of that kind.
  template <TypedEvent T>
  T as() const {
    SOUNDCHECK_ASSERT(kind == T::kKind, "a {} event is read as {}", name_of(kind),
                      name_of(T::kKind));
    T fields;
    read(fields);
    return fields;
  }

  // For events that are told later than they were made, by somebody else.
  void stamp(Time when, ProcessId who) {
    at = when;
    process = who;
  }

  // The canonical words of the digest format.
  void mix_into(Fingerprint& digest) const {
    digest.add(static_cast<std::uint64_t>(at.count()),
               (std::uint64_t{static_cast<std::uint16_t>(kind)} << 48) |
                   (std::uint64_t{code} << 32) | process.index(),
               trace ^ (saga * 0x9e3779b97f4a7c15ULL),
               (std::uint64_t{name.index()} << 32) | other.index(),
               static_cast<std::uint64_t>(value) ^
                   (static_cast<std::uint64_t>(extra) * 0xc2b2ae3d27d4eb4fULL));
  }

 private:
  // An error is told from none by one more than its number.
  template <class Slot, class Field>
  static void put(Slot& slot, const Field& field) {
    if constexpr (std::is_same_v<Slot, Field>) {
      slot = field;
    } else if constexpr (std::is_same_v<Field, Duration>) {
      slot = field.count();
    } else if constexpr (std::is_same_v<Field, ErrorCode>) {
      slot = static_cast<Slot>(static_cast<Slot>(field) + 1);
    } else if constexpr (std::is_same_v<Field, std::optional<ErrorCode>>) {
      slot = field ? static_cast<Slot>(static_cast<Slot>(*field) + 1) : Slot{0};
    } else {
      slot = static_cast<Slot>(field);
    }
  }
  template <class Slot, class Field>
  static void get(const Slot& slot, Field& field) {
    if constexpr (std::is_same_v<Slot, Field>) {
      field = slot;
    } else if constexpr (std::is_same_v<Field, Duration>) {
      field = Duration::nanoseconds(slot);
    } else if constexpr (std::is_same_v<Field, ErrorCode>) {
      field = static_cast<ErrorCode>(slot - 1);
    } else if constexpr (std::is_same_v<Field, std::optional<ErrorCode>>) {
      if (slot != 0) field = static_cast<ErrorCode>(slot - 1);
    } else {
      field = static_cast<Field>(slot);
    }
  }

#define SOUNDCHECK_FIELD(slot, Type, name) put(slot, typed.name);
#define SOUNDCHECK_EVENT(Kind, text, fields) \
  void write(const Kind& typed) { fields }
#include "sim/events/event_kinds.def"
#define SOUNDCHECK_FIELD(slot, Type, name) get(slot, typed.name);
#define SOUNDCHECK_EVENT(Kind, text, fields) \
  void read(Kind& typed) const { fields }
#include "sim/events/event_kinds.def"

  std::uint16_t code = 0;
  ProcessId process;
  std::uint64_t trace = 0;
  std::uint64_t saga = 0;
  NameId name;
  NameId other;
  std::int64_t value = 0;
  std::int64_t extra = 0;
};
static_assert(sizeof(Event) <= 64 && std::is_trivially_copyable_v<Event>);

}  // namespace soundcheck
