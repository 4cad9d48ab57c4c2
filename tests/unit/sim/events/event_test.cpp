#include "sim/events/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/events/event_stream.hpp"

namespace soundcheck {
namespace {

// A value other than the empty one, and another for every number.
template <class Field>
Field some(std::uint32_t number) {
  if constexpr (std::is_same_v<Field, Duration>) {
    return Duration::nanoseconds(number);
  } else if constexpr (std::is_same_v<Field, std::optional<ErrorCode>>) {
    return static_cast<ErrorCode>(number % 15);
  } else if constexpr (std::is_same_v<Field, bool>) {
    return true;
  } else if constexpr (std::is_enum_v<Field>) {
    return static_cast<Field>(number % 2 + 1);
  } else {
    return Field(number);
  }
}

// Every field of a kind is told apart from every other: none shares a slot.
#define SOUNDCHECK_FIELD(slot, Type, name) typed.name = some<Type>(++number);
#define SOUNDCHECK_EVENT(Kind, text, fields)                    \
  TEST(Event, KeepsTheFieldsOf##Kind) {                         \
    Kind typed;                                                 \
    std::uint32_t number = 0;                                   \
    fields const Event event = Event::of(typed, Time::at(1_s)); \
    EXPECT_EQ(event.at, Time::at(1_s));                         \
    EXPECT_EQ(event.as<Kind>(), typed);                         \
    EXPECT_EQ(Event::of(Kind()).as<Kind>(), Kind());            \
    EXPECT_EQ(name_of(event.kind), text);                       \
  }
#include "sim/events/event_kinds.def"

TEST(EventDeathTest, IsNotReadAsAnotherKind) {
  const Event event = Event::of(CallEnded());
  EXPECT_DEATH(event.as<HandlerEnded>(), "a call-ended event is read as handler-ended");
}

TEST(Event, TellsTheFirstErrorFromNone) {
  const CallEnded timed_out{.error = ErrorCode{}};
  EXPECT_EQ(Event::of(timed_out).as<CallEnded>().error, ErrorCode{});
  EXPECT_EQ(Event::of(CallEnded()).as<CallEnded>().error, std::nullopt);
}

struct Heard final : EventListener {
  void on_event(const Event& event) override { kinds.push_back(event.kind); }
  std::vector<EventKind> kinds;
};

TEST(EventStream, HandsEventsToTheListenersOfTheirKind) {
  EventStream events;
  Heard calls;
  Heard all;
  events.listen(calls, {EventKind::kCallEnded});
  events.listen(all);
  events.emit(Time(), HandlerEnded());
  events.emit(Time(), CallEnded());
  EXPECT_THAT(calls.kinds, testing::ElementsAre(EventKind::kCallEnded));
  EXPECT_THAT(all.kinds, testing::ElementsAre(EventKind::kHandlerEnded, EventKind::kCallEnded));
  EXPECT_EQ(events.count(), 2U);
}

// Computed by a program of its own from the words that the digest format states: kind << 48 |
// code << 32 | process, and so on.
TEST(EventStream, MixesTheCanonicalWordsOfFormatOne) {
  EventStream events;
  events.emit(Time::at(1_s), CallEnded{.caller = ProcessId(3),
                                       .trace = 7,
                                       .saga = 9,
                                       .method = NameId(5),
                                       .error = ErrorCode::kConflict,
                                       .took = 20_ms,
                                       .attempts = 2});
  EXPECT_EQ(events.digest().hex(), "f73e03c134a57d6a30bb021728c60d8d");
}

TEST(EventStream, NoListenerChangesTheDigest) {
  EventStream alone;
  EventStream heard;
  Heard listener;
  heard.listen(listener);
  for (EventStream* const events : {&alone, &heard}) events->emit(Time(), HandlerEnded());
  EXPECT_EQ(alone.digest().hex(), heard.digest().hex());
}

}  // namespace
}  // namespace soundcheck
