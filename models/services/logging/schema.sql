-- Amounts in integer minor units, times in integer virtual milliseconds.

CREATE TABLE logging.transactions (
  event_id   TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL,
  event      TEXT NOT NULL,             -- CAPTURE REFUND VOID DECLINE
  amount     BIGINT NOT NULL,
  saga_id    TEXT,
  at         BIGINT NOT NULL
);
CREATE INDEX logging_transactions_payment ON logging.transactions (payment_id);

CREATE TABLE logging.effects (
  saga_id     TEXT NOT NULL,
  step        TEXT NOT NULL,
  kind        TEXT NOT NULL,            -- DO UNDO
  application BIGINT NOT NULL,          -- a second one would be a duplicate that got through
  role        TEXT NOT NULL,            -- COMPENSATABLE PIVOT RETRIABLE OPTIONAL
  state       TEXT NOT NULL,            -- APPLIED NOOP REFUSED
  seq         BIGINT NOT NULL,
  PRIMARY KEY (saga_id, step, kind, application)
);
