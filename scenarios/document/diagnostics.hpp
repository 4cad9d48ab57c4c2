#pragma once

#include <optional>
#include <string>

#include "scenarios/document/source.hpp"
#include "sim/core/json.hpp"
#include "sim/core/parameters_mistake.hpp"

namespace soundcheck {

// All that is wrong with one scenario, sorted by place, with the texts it refers to.
class Diagnostics {
 public:
  Diagnostics() = default;
  Diagnostics(Sources sources, Mistakes mistakes);

  bool empty() const { return mistakes_.empty(); }
  std::size_t size() const { return mistakes_.size(); }
  std::size_t warnings() const;  // among them; a value with nothing but warnings can be used
  const Mistakes& mistakes() const { return mistakes_; }

  // For people, editors and matchers in continuous integration:
  //   checkout.yaml:6:5: error[E012]: services.orders.latencey: unknown field 'latencey' of service
  //       6 |     latencey: 3ms
  //         |     ^^^^^^^^ did you mean 'latency'?
  //       note: allowed here: replicas, latency   (soundcheck explain E012)
  std::string text() const;
  // [{"file":, "line":, "column":, "level": "error" or "warning", "code":, "path":, "message":,
  // "hint":, "note":}, ...]
  Json json() const;

 private:
  std::string text_of(const Mistake& mistake) const;
  Sources sources_;
  Mistakes mistakes_;
};

// A value, or everything that keeps it from being one. Warnings do not.
template <typename T>
struct Checked {
  std::optional<T> value;  // empty if and only if there are diagnostics other than warnings
  Diagnostics diagnostics;

  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
};

}  // namespace soundcheck
