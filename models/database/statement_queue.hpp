#pragma once

#include <cstddef>

#include "models/database/database_parameters.hpp"
#include "models/database/lock_table.hpp"
#include "models/database/open_transactions.hpp"
#include "sim/core/random.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// What transactions wait for and cost at one database server, from the arrival of their statements
// to the end of their execution: named locks, in the order of arrival, the disk, the processor.
class StatementQueue {
 public:
  // `parameters` outlive the queue. `paid` is called with a transaction that has had the disk or
  // the processor, and then asks has_more_to_do().
  StatementQueue(World& world, OpenTransactions& transactions, ProcessId server,
                 const DatabaseParameters& parameters, RandomStream costs, ActivityCallback paid);

  // The statements of a transaction have arrived.
  void add(TransactionId id);
  // One of its costs is paid. True: the next one is being paid. False: it has been executed.
  bool has_more_to_do(TransactionId id);
  // Stops waiting and working for it wherever it is.
  void withdraw(TransactionId id);
  // The next ones that wait for its locks go on.
  void release_locks(TransactionId id);
  // The server has died: nobody holds a lock, nothing is computed any more.
  void clear();

  std::size_t locks_held() const { return locks_.held(); }
  // Processor time that statements took, in all incarnations.
  Duration computed() const { return computed_; }

 private:
  void take_locks(TransactionId id);
  void pay_costs(TransactionId id);

  World& world_;
  OpenTransactions& transactions_;
  const ProcessId server_;
  const DatabaseParameters& parameters_;
  RandomStream costs_;
  const ActivityCallback paid_;
  LockTable locks_;
  Duration computed_;
};

}  // namespace soundcheck
