#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "sim/core/fingerprint.hpp"
#include "sim/events/event.hpp"
#include "sim/events/names.hpp"

namespace soundcheck {

// Raised whenever a change of the program changes digests of unchanged runs.
inline constexpr std::uint64_t kDigestFormat = 1;

class EventListener {
 public:
  virtual ~EventListener() = default;
  virtual void on_event(const Event& event) = 0;
};

// Everything that a run tells. Each event is mixed into the digest once, then handed to the
// listeners of its kind; models never know who listens, and no listener can change the digest.
class EventStream {
 public:
  EventStream() { digest_.add(kDigestFormat); }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  void emit(const Event& event) {
    mix(event);
    ++count_;
    for (EventListener* const listener : listeners_[static_cast<std::size_t>(event.kind)])
      listener->on_event(event);
  }

  // The listener outlives the stream's use. No kinds: all kinds.
  void listen(EventListener& listener, std::initializer_list<EventKind> kinds = {});

  Names& names() { return names_; }
  const Names& names() const { return names_; }
  const Fingerprint& digest() const { return digest_; }
  std::uint64_t count() const { return count_; }

 private:
  void mix(const Event& event) {
    digest_.add(static_cast<std::uint64_t>(event.at.count()),
                (std::uint64_t{static_cast<std::uint16_t>(event.kind)} << 48) |
                    (std::uint64_t{event.code} << 32) | event.process.index(),
                event.trace ^ (event.saga * 0x9e3779b97f4a7c15ULL),
                (std::uint64_t{event.name.index()} << 32) | event.other.index(),
                static_cast<std::uint64_t>(event.value) ^
                    (static_cast<std::uint64_t>(event.extra) * 0xc2b2ae3d27d4eb4fULL));
  }

  Names names_;
  Fingerprint digest_;
  std::uint64_t count_ = 0;
  std::array<std::vector<EventListener*>, static_cast<std::size_t>(EventKind::kCount)> listeners_;
};

}  // namespace soundcheck
