#include "models/database/lock_table.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace soundcheck {

bool LockTable::acquire(LockName name, Owner owner) {
  const auto [found, is_free] = locks_.try_emplace(name.hash);
  if (is_free) {
    found->second.owner = owner;
    return true;
  }
  SOUNDCHECK_ASSERT(found->second.owner != owner, "lock {} taken twice by one owner", name.hash);
  found->second.waiting.push_back(owner);
  return false;
}

LockTable::Owner LockTable::release(LockName name, Owner owner) {
  const auto found = locks_.find(name.hash);
  SOUNDCHECK_ASSERT(found != locks_.end() && found->second.owner == owner,
                    "lock {} released by somebody else", name.hash);
  Lock& lock = found->second;
  if (lock.waiting.empty()) {
    locks_.erase(found);
    return 0;
  }
  lock.owner = lock.waiting.front();
  lock.waiting.pop_front();
  return lock.owner;
}

void LockTable::withdraw(LockName name, Owner owner) {
  const auto found = locks_.find(name.hash);
  SOUNDCHECK_ASSERT(found != locks_.end(), "nobody has lock {}", name.hash);
  std::erase(found->second.waiting, owner);
}

}  // namespace soundcheck
