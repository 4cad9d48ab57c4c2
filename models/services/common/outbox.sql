
-- Events that others must hear of (models/services/common/outbox.hpp).
CREATE TABLE $.outbox (
  event_id     TEXT PRIMARY KEY,
  seq          BIGINT NOT NULL,
  kind         TEXT NOT NULL,           -- what happened to ref_id: CAPTURE, REFUND, ...
  ref_id       TEXT NOT NULL,
  amount       BIGINT NOT NULL,
  saga_id      TEXT,
  created_at   BIGINT NOT NULL,
  published_at BIGINT
);
CREATE INDEX $_outbox_pending ON $.outbox (seq) WHERE published_at IS NULL;
