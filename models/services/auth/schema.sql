-- Amounts in integer minor units, times in integer virtual milliseconds.

CREATE TABLE auth.credentials (
  user_id      TEXT PRIMARY KEY,
  state        TEXT NOT NULL,           -- DISABLED ENABLED REVOKED
  token_digest TEXT NOT NULL            -- never the token itself
);

CREATE TABLE auth.billing (
  billing_id TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL,
  state      TEXT NOT NULL              -- PENDING VERIFIED VOID
);
CREATE INDEX auth_billing_user ON auth.billing (user_id);

CREATE TABLE auth.decisions (
  decision_id TEXT PRIMARY KEY,
  payment_id  TEXT NOT NULL,
  user_id     TEXT NOT NULL,
  billing_id  TEXT,
  amount      BIGINT NOT NULL,
  result      TEXT NOT NULL,            -- APPROVED DENIED
  reason      TEXT,
  at          BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL
);
CREATE INDEX auth_decisions_payment ON auth.decisions (payment_id);
CREATE INDEX auth_decisions_billing ON auth.decisions (billing_id);

CREATE TABLE auth.grants (
  user_id   TEXT NOT NULL,
  scope     TEXT NOT NULL,              -- the plan
  source_id TEXT NOT NULL,              -- the subscription that pays for it
  state     TEXT NOT NULL,              -- ACTIVE REVOKED
  PRIMARY KEY (user_id, source_id, scope)
);
CREATE INDEX auth_grants_source ON auth.grants (source_id);
