
-- The fence (models/services/common/fence.hpp): what each step of a saga did here, and what was undone.
CREATE TABLE $.effects (
  saga_id     TEXT NOT NULL,
  step        TEXT NOT NULL,
  kind        TEXT NOT NULL,            -- DO UNDO
  application BIGINT NOT NULL,          -- a second one would be a duplicate that got through
  role        TEXT NOT NULL,            -- COMPENSATABLE PIVOT RETRIABLE OPTIONAL
  state       TEXT NOT NULL,            -- APPLIED NOOP REFUSED
  seq         BIGINT NOT NULL,
  begun       BIGINT,                   -- number of the next commit when the work began; NULL: with its own commit
  PRIMARY KEY (saga_id, step, kind, application)
);
