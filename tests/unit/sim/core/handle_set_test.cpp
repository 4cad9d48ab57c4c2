#include "sim/core/handle_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace soundcheck {
namespace {

struct Entry {
  std::uint32_t place = 0;
};
using Entries = HandleSet<Entry, &Entry::place>;

std::vector<std::uint32_t> indices_of(const Entries& set) {
  std::vector<std::uint32_t> indices;
  for (const Handle<Entry> handle : set) indices.push_back(handle.index);
  std::ranges::sort(indices);
  return indices;
}

TEST(HandleSet, HoldsWhatWasAddedAndNotRemoved) {
  Slab<Entry> slab;
  Entries set;
  EXPECT_TRUE(set.empty());
  std::vector<Handle<Entry>> handles;
  for (int i = 0; i < 5; ++i) {
    handles.push_back(slab.take());
    set.add(slab, handles.back());
  }
  set.remove(slab, handles[1]);
  set.remove(slab, handles[4]);
  set.remove(slab, handles[0]);
  EXPECT_EQ(indices_of(set), (std::vector{handles[2].index, handles[3].index}));
  set.add(slab, handles[1]);
  EXPECT_EQ(set.size(), 3u);
  EXPECT_EQ(set.back(), handles[1]);
  set.remove(slab, handles[2]);
  set.remove(slab, handles[3]);
  set.remove(slab, handles[1]);
  EXPECT_TRUE(set.empty());
}

}  // namespace
}  // namespace soundcheck
