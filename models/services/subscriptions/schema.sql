-- Amounts in integer minor units, times in integer virtual milliseconds.

-- Its rows: plans.hpp.
CREATE TABLE subscriptions.plans (
  plan_id     TEXT PRIMARY KEY,
  price       BIGINT NOT NULL,
  period_days BIGINT NOT NULL,
  seats       BIGINT NOT NULL
);

-- lock_saga is the semantic lock: the saga that has this subscription in its hands.
CREATE TABLE subscriptions.subs (
  sub_id    TEXT PRIMARY KEY,
  user_id   TEXT NOT NULL,
  plan_id   TEXT NOT NULL,
  state     TEXT NOT NULL,              -- PENDING ACTIVE PAST_DUE CANCELLING CANCELLED REJECTED EXPIRED
  lock_saga TEXT,
  version   BIGINT NOT NULL
);
CREATE INDEX subscriptions_subs_user ON subscriptions.subs (user_id);
CREATE INDEX subscriptions_subs_plan ON subscriptions.subs (plan_id);

CREATE TABLE subscriptions.periods (
  period_id  TEXT PRIMARY KEY,
  sub_id     TEXT NOT NULL,
  start_at   BIGINT NOT NULL,
  end_at     BIGINT NOT NULL,
  payment_id TEXT,
  gift_id    TEXT
);
CREATE INDEX subscriptions_periods_sub ON subscriptions.periods (sub_id);
CREATE INDEX subscriptions_periods_payment ON subscriptions.periods (payment_id);
