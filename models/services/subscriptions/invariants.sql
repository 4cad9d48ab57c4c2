-- Subscriptions: who pays is served, who is served has paid.

-- S1: no captured payment without a period of service, or a full refund
-- class: W
-- key: payment_id
-- changed: payments.payments(payment_id)
-- changed: payments.refunds(payment_id)
-- changed: subscriptions.periods(payment_id)
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM payments.payments WHERE state = 'CAPTURED' AND purpose IN ('SUBSCRIBE', 'RENEWAL')
SELECT p.payment_id FROM payments.payments p
WHERE p.state = 'CAPTURED' AND p.purpose IN ('SUBSCRIBE', 'RENEWAL') AND {key p.payment_id}
  AND NOT EXISTS (SELECT 1 FROM subscriptions.periods q WHERE q.payment_id = p.payment_id)
  AND COALESCE((SELECT SUM(r.amount) FROM payments.refunds r
                WHERE r.payment_id = p.payment_id AND r.state = 'DONE'), 0) < p.amount;

-- S2: no service without money: every period is backed by a captured payment
-- class: S
-- key: period_id
-- changed: subscriptions.periods(period_id)
-- changed: payments.payments: SELECT period_id FROM subscriptions.periods WHERE payment_id = :payment_id
-- saga: SELECT p.saga_id FROM subscriptions.periods q JOIN payments.payments p ON p.payment_id = q.payment_id WHERE q.period_id = ?1
-- over: SELECT COUNT(*) FROM subscriptions.periods
SELECT q.period_id FROM subscriptions.periods q
WHERE {key q.period_id}
  AND NOT EXISTS (SELECT 1 FROM payments.payments p
                  WHERE p.payment_id = q.payment_id AND p.state = 'CAPTURED');

-- S3: at most one live subscription per user
-- class: S
-- key: user_id
-- changed: subscriptions.subs(user_id)
-- over: SELECT COUNT(*) FROM subscriptions.subs
SELECT s.user_id FROM subscriptions.subs s
WHERE s.state IN ('PENDING', 'ACTIVE', 'PAST_DUE', 'CANCELLING') AND {key s.user_id}
GROUP BY s.user_id HAVING COUNT(*) > 1;

-- S4: paid periods of one subscription do not overlap (a period is renewed once)
-- class: S
-- key: sub_id
-- changed: subscriptions.periods(sub_id)
-- over: SELECT COUNT(*) FROM subscriptions.periods
SELECT a.sub_id, a.period_id FROM subscriptions.periods a
JOIN subscriptions.periods b ON a.sub_id = b.sub_id AND a.period_id < b.period_id
  AND a.start_at < b.end_at AND b.start_at < a.end_at
WHERE {key a.sub_id};

-- S5: no semantic lock outlives its saga
-- class: Q
-- key: sub_id
-- saga: SELECT lock_saga FROM subscriptions.subs WHERE sub_id = ?1
-- over: SELECT COUNT(*) FROM subscriptions.subs
SELECT s.sub_id FROM subscriptions.subs s
WHERE (s.state IN ('PENDING', 'CANCELLING') OR s.lock_saga IS NOT NULL) AND {key s.sub_id};

-- S6: access follows the subscription: live ones hold a grant, dead ones hold none
-- class: Q
-- key: sub_id
-- over: SELECT COUNT(*) FROM subscriptions.subs
SELECT s.sub_id FROM subscriptions.subs s
WHERE {key s.sub_id} AND (s.state IN ('ACTIVE', 'PAST_DUE'))
  <> EXISTS (SELECT 1 FROM auth.grants g
             WHERE g.user_id = s.user_id AND g.source_id = s.sub_id AND g.state = 'ACTIVE');
