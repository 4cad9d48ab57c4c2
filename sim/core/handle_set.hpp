#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/slab.hpp"

namespace soundcheck {

// Some entries of a slab, in no order. Each remembers its place here in a member, so that it comes
// and goes in constant time.
template <class T, std::uint32_t T::* kPlace>
class HandleSet {
 public:
  void add(Slab<T>& slab, Handle<T> handle) {
    slab[handle].*kPlace = static_cast<std::uint32_t>(handles_.size());
    handles_.push_back(handle);
  }
  void remove(Slab<T>& slab, Handle<T> handle) {
    const std::uint32_t place = slab[handle].*kPlace;
    handles_[place] = handles_.back();
    slab[handles_[place]].*kPlace = place;
    handles_.pop_back();
  }

  bool empty() const { return handles_.empty(); }
  std::size_t size() const { return handles_.size(); }
  Handle<T> back() const { return handles_.back(); }
  auto begin() const { return handles_.begin(); }
  auto end() const { return handles_.end(); }

 private:
  std::vector<Handle<T>> handles_;
};

}  // namespace soundcheck
