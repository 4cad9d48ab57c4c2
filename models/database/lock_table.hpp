#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "sim/env/transaction.hpp"

namespace soundcheck {

// Named locks of one database server, each granted in the order of the requests. Owners take their
// locks in ascending order of the names, so that no two can wait for each other.
class LockTable {
 public:
  using Owner = std::uint64_t;  // never 0

  // True: it has the lock. False: it waits until release() grants it.
  bool acquire(LockName name, Owner owner);
  // Gives the lock back. Returns who has it now, 0 for nobody.
  Owner release(LockName name, Owner owner);
  // Stops waiting for the lock.
  void withdraw(LockName name, Owner owner);
  void clear() { locks_.clear(); }
  std::size_t held() const { return locks_.size(); }

 private:
  struct Lock {
    Owner owner = 0;
    std::deque<Owner> waiting;
  };
  std::unordered_map<std::uint64_t, Lock> locks_;  // never iterated
};

}  // namespace soundcheck
