// Where a server may die between two writes, step by step.
#include "models/orchestrator/service/orchestrator.hpp"

namespace soundcheck::orchestrator {

// Rows are stored, the messages of their tasks are not: here Conductor can lose them.
void Orchestrator::before_queue(Env env, const Execution& execution,
                                const std::vector<QueueWrite>& writes) const {
  for (const QueueWrite& write : writes) {
    if (write.kind != QueueWrite::Kind::kPush) continue;
    const auto row = execution.workflow.find_task(write.message);
    if (!row) continue;
    env_for(env, execution, &execution.workflow.row(*row))
        .failpoint<Failpoint::kOrchestratorAfterTaskRow>();
  }
}

}  // namespace soundcheck::orchestrator
