#pragma once

#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/pool.hpp"
#include "sim/env/fields.hpp"

namespace soundcheck {

// What the framework can do with a message without knowing its type.
struct PayloadType {
  std::size_t size;
  void (*destroy)(void*);
  void* (*copy)(const void*);
  std::int64_t (*wire_size)(const void*);
  Json (*to_json)(const void*);
  void (*digest)(const void*, Fingerprint&);
};

template <class T>
inline constexpr PayloadType kPayloadType{
    sizeof(T),
    [](void* object) { static_cast<T*>(object)->~T(); },
    [](const void* object) -> void* {
      return ::new (pool_allocate(sizeof(T))) T(*static_cast<const T*>(object));
    },
    [](const void* object) { return soundcheck::wire_size(*static_cast<const T*>(object)); },
    [](const void* object) { return to_json_value(*static_cast<const T*>(object)); },
    [](const void* object, Fingerprint& digest) {
      add_to_digest(*static_cast<const T*>(object), digest);
    }};

// A message on its way: a value of any type with fields, owned, in pooled memory. May be empty (a
// declared service sends bytes without content).
class Payload {
 public:
  Payload() = default;
  Payload(Payload&& other) noexcept
      : type_(std::exchange(other.type_, nullptr)),
        object_(std::exchange(other.object_, nullptr)) {}
  Payload& operator=(Payload&& other) noexcept {
    if (this != &other) {
      reset();
      type_ = std::exchange(other.type_, nullptr);
      object_ = std::exchange(other.object_, nullptr);
    }
    return *this;
  }
  ~Payload() { reset(); }

  template <class T>
  static Payload of(T value) {
    Payload payload;
    payload.object_ = ::new (pool_allocate(sizeof(T))) T(std::move(value));
    payload.type_ = &kPayloadType<T>;
    return payload;
  }

  // A second message of the same content: for a retry, or for a duplicate made by a fault.
  Payload copy() const {
    Payload payload;
    if (!empty()) {
      payload.object_ = type_->copy(object_);
      payload.type_ = type_;
    }
    return payload;
  }

  bool empty() const { return object_ == nullptr; }
  template <class T>
  bool holds() const {
    return type_ == &kPayloadType<T>;
  }
  template <class T>
  const T& get() const {
    SOUNDCHECK_ASSERT(holds<T>(), "a message of another type was expected");
    return *static_cast<const T*>(object_);
  }
  template <class T>
  T take() {
    SOUNDCHECK_ASSERT(holds<T>(), "a message of another type was expected");
    T value = std::move(*static_cast<T*>(object_));
    reset();
    return value;
  }

  std::int64_t wire_size() const { return empty() ? 0 : type_->wire_size(object_); }
  Json to_json() const { return empty() ? Json(nullptr) : type_->to_json(object_); }
  void digest(Fingerprint& digest) const {
    if (!empty()) type_->digest(object_, digest);
  }

 private:
  void reset() {
    if (object_ == nullptr) return;
    type_->destroy(object_);
    pool_free(object_, type_->size);
    object_ = nullptr;
    type_ = nullptr;
  }

  const PayloadType* type_ = nullptr;
  void* object_ = nullptr;
};

}  // namespace soundcheck
