#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/core/random.hpp"
#include "sim/core/time.hpp"

struct sqlite3;

namespace soundcheck {

// What SQL can learn of the world around it, the same for all databases of a run:
//   true_time()    the simulation's clock in virtual milliseconds, whatever faults did to the
//   clocks commit_seq()   the number that this transaction's commit will have among all commits of
//   the run random(), randomblob(n)                  from a random stream of the run
//   CURRENT_TIMESTAMP, datetime('now'), ...  the simulation's clock, at 1970-01-01 when a run
//   starts 'localtime'                              an error: it would ask the machine where it
//   stands
// Outlives every connection that was opened with it.
class SqlEnvironment {
 public:
  SqlEnvironment(std::function<Time()> clock, RandomStream random);
  SqlEnvironment(const SqlEnvironment&) = delete;
  SqlEnvironment& operator=(const SqlEnvironment&) = delete;
  ~SqlEnvironment();

  // Makes the functions known to a connection.
  void add_functions_to(sqlite3* database);
  const char* vfs_name() const;

  Time now() const { return clock_(); }
  std::uint64_t next_commit() const { return next_commit_; }
  std::uint64_t take_commit_number() { return next_commit_++; }

 private:
  struct ClockedVfs;

  std::function<Time()> clock_;
  RandomStream random_;
  std::uint64_t next_commit_ = 1;
  std::unique_ptr<ClockedVfs> vfs_;
};

}  // namespace soundcheck
