-- Money: what the bank did, what our books say, and what auth allowed.

-- P1: the bank captures a payment at most once (double charge, retry without idempotency key)
-- class: S
-- key: merchant_ref
-- changed: psp.operations(merchant_ref)
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind = 'CAPTURE'
SELECT o.merchant_ref FROM psp.operations o
WHERE o.kind = 'CAPTURE' AND {key o.merchant_ref}
GROUP BY o.merchant_ref HAVING COUNT(*) > 1;

-- P2: one business purpose is charged at most once, whatever the number of payment rows (double click, key per attempt)
-- class: S
-- key: ref_id
-- changed: payments.payments(ref_id)
-- changed: payments.refunds: SELECT ref_id FROM payments.payments WHERE payment_id = :payment_id
-- saga: SELECT saga_id FROM payments.payments WHERE ref_id = ?1
-- over: SELECT COUNT(*) FROM payments.payments WHERE state = 'CAPTURED'
SELECT p.ref_id, p.purpose FROM payments.payments p
WHERE p.state = 'CAPTURED' AND {key p.ref_id}
  AND COALESCE((SELECT SUM(r.amount) FROM payments.refunds r
                WHERE r.payment_id = p.payment_id AND r.state = 'DONE'), 0) < p.amount
GROUP BY p.purpose, p.ref_id HAVING COUNT(*) > 1;

-- P3: an idempotency key names one payment and one refund
-- class: S
-- key: idem
-- changed: payments.payments(idem)
-- changed: payments.refunds(idem)
-- over: SELECT COUNT(*) FROM payments.payments
SELECT p.idem FROM payments.payments p WHERE {key p.idem} GROUP BY p.idem HAVING COUNT(*) > 1
UNION ALL
SELECT r.idem FROM payments.refunds r WHERE {key r.idem} GROUP BY r.idem HAVING COUNT(*) > 1;

-- P4: never refund more than was captured, by the bank's record
-- class: S
-- key: merchant_ref
-- changed: psp.operations(merchant_ref)
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind = 'REFUND'
SELECT o.merchant_ref FROM psp.operations o WHERE {key o.merchant_ref}
GROUP BY o.merchant_ref
HAVING SUM(CASE WHEN o.kind = 'REFUND' THEN o.amount ELSE 0 END)
     > SUM(CASE WHEN o.kind = 'CAPTURE' THEN o.amount ELSE 0 END);

-- P5: a voided authorisation is never captured (cancel and late capture cross each other)
-- class: S
-- key: merchant_ref
-- changed: psp.operations(merchant_ref)
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind = 'VOID'
SELECT c.merchant_ref FROM psp.operations c
JOIN psp.operations v ON v.merchant_ref = c.merchant_ref AND v.kind = 'VOID'
WHERE c.kind = 'CAPTURE' AND {key c.merchant_ref};

-- P6: payments asked auth first: every capture has an approved, unexpired decision for that user, billing profile and amount
-- class: S
-- key: payment_id
-- changed: psp.operations(merchant_ref)
-- changed: payments.payments(payment_id)
-- changed: auth.decisions(payment_id)
-- changed: auth.billing: SELECT payment_id FROM auth.decisions WHERE billing_id = :billing_id
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind = 'CAPTURE'
SELECT p.payment_id FROM payments.payments p
JOIN psp.operations o ON o.merchant_ref = p.payment_id AND o.kind = 'CAPTURE'
WHERE {key p.payment_id} AND NOT EXISTS (
  SELECT 1 FROM auth.decisions d
  JOIN auth.billing b ON b.billing_id = d.billing_id AND b.user_id = d.user_id
  WHERE d.payment_id = p.payment_id AND d.user_id = p.user_id AND d.amount = p.amount
    AND d.result = 'APPROVED' AND d.at <= o.at AND o.at <= d.expires_at);

-- P7: our books and the bank agree on captures and on refunds
-- class: Q
-- key: payment_id
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM payments.payments
SELECT p.payment_id FROM payments.payments p
WHERE {key p.payment_id} AND (
  (p.state = 'CAPTURED') <> EXISTS (SELECT 1 FROM psp.operations o
                                    WHERE o.merchant_ref = p.payment_id AND o.kind = 'CAPTURE')
  OR COALESCE((SELECT SUM(r.amount) FROM payments.refunds r
               WHERE r.payment_id = p.payment_id AND r.state = 'DONE'), 0)
  <> COALESCE((SELECT SUM(o.amount) FROM psp.operations o
               WHERE o.merchant_ref = p.payment_id AND o.kind = 'REFUND'), 0));

-- P8: the bank holds no operation that payments does not know
-- class: Q
-- key: merchant_ref
-- over: SELECT COUNT(*) FROM psp.operations
SELECT o.merchant_ref, o.op_id FROM psp.operations o
WHERE {key o.merchant_ref}
  AND NOT EXISTS (SELECT 1 FROM payments.payments p WHERE p.payment_id = o.merchant_ref);

-- P9: no payment is left half way
-- class: Q
-- key: payment_id
-- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
-- over: SELECT COUNT(*) FROM payments.payments
SELECT p.payment_id, p.state FROM payments.payments p
WHERE p.state IN ('CREATED', 'AUTHORIZED') AND {key p.payment_id}
UNION ALL
SELECT r.payment_id, r.state FROM payments.refunds r
WHERE r.state = 'REQUESTED' AND {key r.payment_id};

-- P10: double entry: every ledger transaction sums to zero
-- class: S
-- key: txn_id
-- changed: payments.ledger(txn_id)
-- saga: SELECT p.saga_id FROM payments.ledger l JOIN payments.payments p ON p.payment_id = l.payment_id WHERE l.txn_id = ?1
-- over: SELECT COUNT(*) FROM payments.ledger
SELECT l.txn_id FROM payments.ledger l WHERE {key l.txn_id}
GROUP BY l.txn_id HAVING SUM(l.amount) <> 0;

-- P11: conservation: cash in the ledger equals captures minus refunds at the bank
-- class: Q
-- over: SELECT COUNT(*) FROM psp.operations WHERE kind IN ('CAPTURE', 'REFUND')
SELECT 'cash' AS difference
WHERE COALESCE((SELECT SUM(l.amount) FROM payments.ledger l WHERE l.account = 'CASH'), 0)
   <> COALESCE((SELECT SUM(CASE o.kind WHEN 'CAPTURE' THEN o.amount WHEN 'REFUND' THEN -o.amount
                           ELSE 0 END) FROM psp.operations o), 0);
