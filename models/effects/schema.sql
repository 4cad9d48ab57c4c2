-- What tasks of workflows have done, whatever the orchestrator believes. The first columns are those of a service's fence
-- (models/services/common/effects.sql), so that the same invariants hold for them. Times end in _at: virtual milliseconds.
CREATE TABLE world.effects (
  saga_id     TEXT NOT NULL,
  step        TEXT NOT NULL,            -- of an undo the step that it undoes
  kind        TEXT NOT NULL,            -- DO UNDO; OTHER: done by a compensation, and nothing is stated of it
  application BIGINT NOT NULL,
  role        TEXT NOT NULL,            -- COMPENSATABLE PIVOT RETRIABLE OPTIONAL NONE; empty: nothing is stated
  state       TEXT NOT NULL,            -- APPLIED NOOP REFUSED; UNSTATED: an effect of which nothing is stated
  seq         BIGINT NOT NULL,
  begun       BIGINT,
  stated      TEXT NOT NULL,            -- the step without the numbers of iteration and instance
  execution   BIGINT NOT NULL,          -- one may undo several steps
  workflow    TEXT NOT NULL,            -- the name of the definition
  workflow_id TEXT NOT NULL,
  task        TEXT NOT NULL,            -- its reference
  attempt     BIGINT NOT NULL,
  began_at    BIGINT NOT NULL,
  done_at     BIGINT NOT NULL,
  answer      TEXT NOT NULL,            -- TAKEN DROPPED by the orchestrator; LOST: it never heard of it
  PRIMARY KEY (saga_id, step, kind, application)
);
