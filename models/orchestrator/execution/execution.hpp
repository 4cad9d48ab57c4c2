#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/decider/workflow.hpp"
#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/env/env.hpp"

namespace soundcheck::orchestrator {

// A workflow in the memory of a server, with what is known about it beside Conductor's own record.
struct Execution {
  conductor::Workflow workflow;
  std::string saga_id;
  std::string failure_of;  // the workflow that this one is the failure workflow of; empty: none
  std::uint64_t saga = 0;  // saga_id and the workflow's name, as events and contexts have them
  NameId name;
  // Of each row that was stored, by number: the status that the last event about it told, if any.
  std::map<std::int64_t, std::optional<conductor::TaskStatus>> stored_rows;
  bool ended_told = false;
  std::string lasting;       // part of the record, as it is stored
  std::uint64_t stores = 0;  // writes of rows or record since it was loaded
  std::uint64_t acts = 0;    // effects that were carried out, but putting back what was looked at
};
using ExecutionRef = std::shared_ptr<Execution>;

ExecutionRef execution_of(const Env& env, conductor::Workflow workflow, std::string saga_id,
                          std::string failure_of);
// The context of work for this workflow, or for one of its tasks.
Env env_for(const Env& env, const Execution& execution, const conductor::TaskRow* row);

// What of an execution is to be stored next.
struct Changes {
  bool create = false;  // the workflow must not exist yet; implies `record`
  bool erase = false;   // nothing of the workflow stays; goes with nothing else
  bool record = false;
  std::vector<std::size_t> rows;            // indexes
  std::vector<std::int64_t> deleted_tasks;  // numbers
  bool empty() const { return !record && !erase && rows.empty() && deleted_tasks.empty(); }
};

struct QueueWrite {
  enum class Kind : std::uint8_t { kPush, kRemove, kReschedule, kRescheduleIfEarlier };
  Kind kind = Kind::kPush;
  std::string queue;
  std::string message;
  Time visible;
};

struct TaskText {
  std::int64_t number = 0;
  std::string json;
  bool is_new = true;  // false: it is probably there
  std::string key;     // reference and attempt, of which there may be one; empty: not asked for
};

// What a store keeps of a workflow.
struct StoredWorkflow {
  std::string saga_id;
  std::string failure_of;
  std::string record;              // JSON
  std::vector<std::string> tasks;  // JSON, in the order of their numbers
};

// The texts of the changes.
struct ChangedTexts {
  std::optional<std::string> record;  // none: what it says follows from the rows, as before
  std::vector<TaskText> tasks;
  std::size_t statements(const Changes& changes) const {
    return tasks.size() + changes.deleted_tasks.size() + (record ? 1 : 0) + (changes.erase ? 2 : 0);
  }
};

// Writing down what changed and reading it back give the same workflow. A write is noted in the
// execution, so ask once for each.
ChangedTexts write_down(Execution& execution, const Changes& changes);
ExecutionRef read_back(const Env& env, const StoredWorkflow& stored,
                       const conductor::Definitions& definitions);

}  // namespace soundcheck::orchestrator
