-- What tasks of workflows have done, whatever the orchestrator believes. Times end in _at: virtual milliseconds.

-- A row for each execution that came to an end of its own, written when its answer is known or the run ends.
CREATE TABLE world.executions (
  saga_id     TEXT NOT NULL,
  execution   BIGINT NOT NULL,
  workflow    TEXT NOT NULL,            -- the name of the definition
  workflow_id TEXT NOT NULL,
  task        TEXT NOT NULL,            -- its reference
  attempt     BIGINT NOT NULL,
  began_at    BIGINT NOT NULL,
  done_at     BIGINT NOT NULL,
  effect      TEXT NOT NULL,            -- STATED; NONE: refused, or done before; of which nothing is stated: UNSTATED,
                                        -- and OTHER, done by a compensation
  answer      TEXT NOT NULL,            -- TAKEN DROPPED by the orchestrator; LOST: it never heard of it
  PRIMARY KEY (saga_id, execution)
);

-- What they mean for their sagas by what is stated. The first columns are those of a service's fence
-- (models/services/common/effects.sql), so that the same invariants hold for them.
CREATE TABLE world.effects (
  saga_id     TEXT NOT NULL,
  step        TEXT NOT NULL,            -- of an undo the step that it undoes
  kind        TEXT NOT NULL,            -- DO UNDO
  application BIGINT NOT NULL,
  role        TEXT NOT NULL,            -- COMPENSATABLE PIVOT RETRIABLE OPTIONAL NONE
  state       TEXT NOT NULL,            -- APPLIED NOOP REFUSED
  seq         BIGINT NOT NULL,
  begun       BIGINT,
  stated      TEXT NOT NULL,            -- the step without the numbers of iteration and instance
  execution   BIGINT NOT NULL,          -- one may undo several steps
  workflow    TEXT NOT NULL,
  workflow_id TEXT NOT NULL,
  task        TEXT NOT NULL,
  PRIMARY KEY (saga_id, step, kind, application)
);
