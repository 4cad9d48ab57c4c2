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
