-- Times in integer virtual milliseconds.

-- One row for each client key (and user, and route), whatever the number of times the client sent it.
CREATE TABLE gateway.requests (
  request_id  TEXT PRIMARY KEY,
  idem        TEXT,
  user_id     TEXT NOT NULL,
  route       TEXT NOT NULL,
  http_status BIGINT,                   -- none: not answered yet
  saga_id     TEXT,
  received_at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE INDEX gateway_requests_idem ON gateway.requests (idem);
CREATE INDEX gateway_requests_saga ON gateway.requests (saga_id);
