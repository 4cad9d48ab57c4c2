-- Amounts in integer minor units, times in integer virtual milliseconds.

-- authorize_step and capture_step name the saga's steps that acted here, so that one release can undo both.
-- capture_key is set before the bank is first asked to capture: whoever finds it knows that it may have happened.
CREATE TABLE payments.payments (
  payment_id          TEXT PRIMARY KEY,
  idem                TEXT NOT NULL,
  user_id             TEXT NOT NULL,
  purpose             TEXT NOT NULL,
  ref_id              TEXT NOT NULL,
  amount              BIGINT NOT NULL,
  state               TEXT NOT NULL,    -- CREATED AUTHORIZED CAPTURED VOIDED DECLINED
  saga_id             TEXT,
  decision_id         TEXT,
  decision_expires_at BIGINT,
  decline_reason      TEXT,
  authorize_step      TEXT,
  capture_step        TEXT,
  capture_key         TEXT,
  releases            BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX payments_payments_idem ON payments.payments (idem);
CREATE INDEX payments_payments_ref ON payments.payments (ref_id);

CREATE TABLE payments.refunds (
  refund_id  TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL,
  idem       TEXT NOT NULL,
  amount     BIGINT NOT NULL,
  state      TEXT NOT NULL,             -- REQUESTED DONE FAILED
  reason     TEXT NOT NULL
);
CREATE INDEX payments_refunds_payment ON payments.refunds (payment_id);
CREATE INDEX payments_refunds_idem ON payments.refunds (idem);

-- Double entry: one transaction for each operation of the bank that moved money.
CREATE TABLE payments.ledger (
  entry_id   TEXT PRIMARY KEY,
  txn_id     TEXT NOT NULL,
  account    TEXT NOT NULL,             -- CASH REVENUE
  amount     BIGINT NOT NULL,
  payment_id TEXT NOT NULL
);
CREATE INDEX payments_ledger_txn ON payments.ledger (txn_id);
