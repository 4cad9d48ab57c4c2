-- Times in integer virtual milliseconds.

CREATE TABLE users.accounts (
  user_id    TEXT PRIMARY KEY,
  email      TEXT NOT NULL,
  state      TEXT NOT NULL,             -- PENDING ACTIVE REJECTED DELETED
  created_at BIGINT NOT NULL
);

CREATE TABLE users.households (
  household_id TEXT PRIMARY KEY,
  owner_id     TEXT NOT NULL,
  sub_id       TEXT NOT NULL,
  state        TEXT NOT NULL            -- ACTIVE DISSOLVED
);
CREATE INDEX users_households_sub ON users.households (sub_id);

CREATE TABLE users.members (
  household_id TEXT NOT NULL,
  user_id      TEXT NOT NULL,
  invite_id    TEXT,                    -- none: the owner
  state        TEXT NOT NULL,           -- INVITED ACTIVE REMOVED EXPIRED
  PRIMARY KEY (household_id, user_id)
);
CREATE INDEX users_members_user ON users.members (user_id);
