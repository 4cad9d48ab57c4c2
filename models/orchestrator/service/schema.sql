-- Workflows and their plans are what checkers look at; `tasks` and `queue` are the engine's own memory, which they do
-- not see. A task's id is <workflow id>:<number>.
-- The queue's key begins with the message, by which its rows differ: comparing them ends at the first bytes.
-- Times end in _at and are virtual milliseconds, except visible_at: virtual nanoseconds.
CREATE TABLE orchestrator.workflows (
  workflow_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  saga_id TEXT NOT NULL,
  status TEXT NOT NULL,
  parent_id TEXT,
  failure_of TEXT,
  has_failure_wf INTEGER NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  record TEXT NOT NULL,
  owes_failure_wf INTEGER NOT NULL DEFAULT 0 -- ended unsuccessfully, and its failure workflow is not stored yet
);
CREATE INDEX orchestrator_workflows_saga ON orchestrator.workflows (saga_id);
CREATE INDEX orchestrator_workflows_failure_of ON orchestrator.workflows (failure_of, status);
CREATE INDEX orchestrator_workflows_owing ON orchestrator.workflows (workflow_id) WHERE owes_failure_wf = 1;
CREATE INDEX orchestrator_workflows_status ON orchestrator.workflows (status);

CREATE TABLE orchestrator.tasks (
  workflow_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  task TEXT NOT NULL,
  PRIMARY KEY (workflow_id, number)
);

-- Written only without a lock: which attempts at tasks exist.
CREATE TABLE orchestrator.scheduled (
  workflow_id TEXT NOT NULL,
  task_key TEXT NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (workflow_id, task_key)
);

CREATE TABLE orchestrator.queue (
  queue TEXT NOT NULL,
  message TEXT NOT NULL,
  visible_at BIGINT NOT NULL,
  popped INTEGER NOT NULL,
  PRIMARY KEY (message, queue)
) WITHOUT ROWID;

CREATE TABLE orchestrator.steps (
  saga_id TEXT NOT NULL,
  step TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (saga_id, step)
);
