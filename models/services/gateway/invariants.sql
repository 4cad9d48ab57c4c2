-- The entry: what was promised to the client.

-- W1: only timers start a saga without a gateway request
-- class: S
-- key: workflow_id
-- changed: orchestrator.workflows(workflow_id)
-- saga: SELECT saga_id FROM orchestrator.workflows WHERE workflow_id = ?1
-- over: SELECT COUNT(*) FROM orchestrator.workflows
SELECT w.workflow_id FROM orchestrator.workflows w
WHERE w.parent_id IS NULL AND w.failure_of IS NULL AND w.name NOT IN ('renewal', 'gift_expiry')
  AND {key w.workflow_id}
  AND NOT EXISTS (SELECT 1 FROM gateway.requests g WHERE g.saga_id = w.saga_id);

-- W2: one client key starts one saga (client retry after a gateway timeout)
-- class: S
-- key: idem
-- changed: gateway.requests(idem)
-- saga: SELECT saga_id FROM gateway.requests WHERE idem = ?1
-- over: SELECT COUNT(*) FROM gateway.requests WHERE idem IS NOT NULL
SELECT g.idem, g.user_id FROM gateway.requests g WHERE g.idem IS NOT NULL AND {key g.idem}
GROUP BY g.user_id, g.idem HAVING COUNT(DISTINCT g.saga_id) > 1;

-- W3: the client was not told "done" about a saga that was undone
-- class: Q
-- key: request_id
-- saga: SELECT saga_id FROM gateway.requests WHERE request_id = ?1
-- over: SELECT COUNT(*) FROM gateway.requests
SELECT g.request_id FROM gateway.requests g
WHERE g.http_status = 200 AND {key g.request_id}
  AND EXISTS (SELECT 1 FROM orchestrator.workflows w
              WHERE w.saga_id = g.saga_id AND w.parent_id IS NULL AND w.failure_of IS NULL
                AND w.status <> 'COMPLETED');
