#pragma once

#include <cstdint>

#include "models/database/open_transactions.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What a database server does later: timers and activities that carry the name of a transaction.
// What comes too late for it is dropped, what comes to a paused server is held.
class ServerEnd {
 protected:
  ServerEnd(World& world, OpenTransactions& transactions, ProcessId server)
      : world_(world), transactions_(transactions), server_(server) {}

  // For callbacks: (self->*kFunction)(transaction), where `self` is a T.
  template <auto kFunction, class T>
  static void call(void* self, std::uint64_t packed) {
    T& end = *static_cast<T*>(self);
    const auto id = TransactionId::unpack(packed);
    if (end.transactions_.find(id) == nullptr) return;
    if (end.world_.holds(end.server_, {&ServerEnd::call<kFunction, T>, self, packed})) return;
    (end.*kFunction)(id);
  }
  template <auto kFunction, class T>
  static void go_on(T* self, TransactionId id) {
    call<kFunction, T>(self, id.packed());
  }
  template <auto kFunction, class T>
  static void later(T* self, Duration delay, TransactionId id) {
    self->world_.kernel().schedule_in(delay, {&ServerEnd::call<kFunction, T>, self, id.packed()});
  }

  // The same for what this incarnation of the server does by itself: void once it has died.
  template <auto kFunction, class T>
  static void call_incarnation(void* self, std::uint64_t incarnation) {
    T& end = *static_cast<T*>(self);
    const Process& process = end.world_.process(end.server_);
    if (process.incarnation != incarnation || process.state != ProcessState::kRunning) return;
    const Callback again{&ServerEnd::call_incarnation<kFunction, T>, self, incarnation};
    if (!end.world_.holds(process.id, again)) (end.*kFunction)();
  }
  template <auto kFunction, class T>
  static TimerId incarnation_later(T* self, Duration delay) {
    const std::uint64_t incarnation = self->world_.process(self->server_).incarnation;
    return self->world_.kernel().schedule_in(
        delay, {&ServerEnd::call_incarnation<kFunction, T>, self, incarnation});
  }

  World& world_;
  OpenTransactions& transactions_;
  const ProcessId server_;
};

}  // namespace soundcheck
