-- Amounts in integer minor units, times in integer virtual milliseconds.

-- The bank's own record of what it executed. Nothing is ever changed or deleted here.
CREATE TABLE psp.operations (
  op_id        TEXT PRIMARY KEY,
  merchant_ref TEXT NOT NULL,
  idem         TEXT,
  kind         TEXT NOT NULL,           -- AUTH CAPTURE VOID REFUND
  amount       BIGINT NOT NULL,
  at           BIGINT NOT NULL
);
CREATE INDEX psp_operations_merchant ON psp.operations (merchant_ref, kind);

-- The answers under their keys. Replayed for the lifetime of a key; status queries read them for ever.
CREATE TABLE psp.keys (
  idem         TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,           -- AUTH CAPTURE VOID REFUND, or CLOSED by the merchant before any use
  merchant_ref TEXT NOT NULL,
  amount       BIGINT NOT NULL,
  approved     BIGINT NOT NULL,
  reason       TEXT,
  op_id        TEXT,
  stored_at    BIGINT NOT NULL
);

CREATE TABLE psp.authorizations (
  merchant_ref TEXT PRIMARY KEY,
  customer_id  TEXT NOT NULL
);

-- Customers whose card the bank declines, and when.
CREATE TABLE psp.blocked_customers (
  customer_id TEXT PRIMARY KEY,
  kind        TEXT NOT NULL             -- AUTH CAPTURE
);
