-- Logging: payments must send transaction details.

-- L1: every capture, refund and void at the bank is logged with its amount, exactly once
-- class: Q
-- key: merchant_ref
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind <> 'AUTH'
SELECT o.merchant_ref, o.op_id FROM psp.operations o
WHERE o.kind <> 'AUTH' AND {key o.merchant_ref}
  AND (SELECT COUNT(*) FROM logging.transactions t
       WHERE t.payment_id = o.merchant_ref AND t.event = o.kind AND t.amount = o.amount)
   <> (SELECT COUNT(*) FROM psp.operations q
       WHERE q.merchant_ref = o.merchant_ref AND q.kind = o.kind AND q.amount = o.amount);

-- L2: nothing is logged that the bank did not do (dual write, log before act)
-- class: S
-- key: event_id
-- changed: logging.transactions(event_id)
-- saga: SELECT saga_id FROM logging.transactions WHERE event_id = ?1
-- over: SELECT COUNT(*) FROM logging.transactions WHERE event IN ('CAPTURE', 'REFUND', 'VOID')
SELECT t.event_id FROM logging.transactions t
WHERE t.event IN ('CAPTURE', 'REFUND', 'VOID') AND {key t.event_id}
  AND NOT EXISTS (SELECT 1 FROM psp.operations o
                  WHERE o.merchant_ref = t.payment_id AND o.kind = t.event
                    AND o.amount = t.amount AND o.at <= t.at);

-- L3: declined payments are logged too
-- class: Q
-- key: payment_id
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM payments.payments WHERE state = 'DECLINED'
SELECT p.payment_id FROM payments.payments p
WHERE p.state = 'DECLINED' AND {key p.payment_id}
  AND NOT EXISTS (SELECT 1 FROM logging.transactions t
                  WHERE t.payment_id = p.payment_id AND t.event = 'DECLINE');
