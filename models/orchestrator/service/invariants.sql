-- The saga engine: what a saga did, undid, and says about itself. fleet.effects, fleet.outbox and fleet.steps are the
-- unions of all services' fence tables, outboxes and plans. A pivot stands when it was applied and not undone. Unions
-- are joined by EXISTS: SQLite follows an index into each of their parts there, and copies them whole in a JOIN.
-- Effects of `world` are those of workers and services that keep no fence: of a saga of theirs that has not ended it is
-- too early to say what is left (E1 names those that are stuck), and one without a pivot is done when it is COMPLETED.

-- E1: every workflow ended or waits for a person
-- class: Q
-- finds: unended
-- key: workflow_id
-- saga: SELECT saga_id FROM orchestrator.workflows WHERE workflow_id = ?1
-- over: SELECT COUNT(*) FROM orchestrator.workflows
SELECT w.workflow_id FROM orchestrator.workflows w
WHERE w.status IN ('RUNNING', 'PAUSED') AND {key w.workflow_id};

-- E2: every failed saga ran exactly one compensation workflow, to the end
-- class: Q
-- finds: unended
-- key: workflow_id
-- saga: SELECT saga_id FROM orchestrator.workflows WHERE workflow_id = ?1
-- over: SELECT COUNT(*) FROM orchestrator.workflows
SELECT w.workflow_id FROM orchestrator.workflows w
WHERE w.status IN ('FAILED', 'TIMED_OUT') AND w.has_failure_wf = 1 AND {key w.workflow_id}
  AND (SELECT COUNT(*) FROM orchestrator.workflows f
       WHERE f.failure_of = w.workflow_id AND f.status = 'COMPLETED') <> 1;

-- E3: all or nothing: unless a pivot stands, every applied step is undone
-- class: Q
-- finds: left
-- key: saga_id
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.effects WHERE kind = 'DO' AND state = 'APPLIED'
SELECT d.saga_id, d.step FROM fleet.effects d
WHERE d.kind = 'DO' AND d.role IN ('COMPENSATABLE', 'PIVOT') AND d.state = 'APPLIED'
  AND {key d.saga_id}
  AND (d.service <> 'world' OR NOT EXISTS (
    SELECT 1 FROM orchestrator.workflows w
    WHERE w.saga_id = d.saga_id AND (w.status IN ('RUNNING', 'PAUSED')
      OR (w.status = 'COMPLETED' AND w.parent_id IS NULL AND w.failure_of IS NULL))))
  AND NOT EXISTS (SELECT 1 FROM fleet.effects p
                  WHERE p.saga_id = d.saga_id AND p.role = 'PIVOT' AND p.kind = 'DO' AND p.state = 'APPLIED'
                    AND NOT EXISTS (SELECT 1 FROM fleet.effects q
                                    WHERE q.saga_id = p.saga_id AND q.step = p.step
                                      AND q.kind = 'UNDO' AND q.state = 'APPLIED'))
  AND NOT EXISTS (SELECT 1 FROM fleet.effects u
                  WHERE u.saga_id = d.saga_id AND u.step = d.step AND u.kind = 'UNDO'
                    AND u.state = 'APPLIED' AND u.seq > d.seq);

-- E4: behind a standing pivot every retriable step of the plan is done
-- class: Q
-- key: saga_id
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.steps WHERE role = 'RETRIABLE'
SELECT s.saga_id, s.step FROM fleet.steps s
WHERE s.role = 'RETRIABLE' AND {key s.saga_id}
  AND EXISTS (SELECT 1 FROM fleet.effects p
              WHERE p.saga_id = s.saga_id AND p.role = 'PIVOT' AND p.kind = 'DO' AND p.state = 'APPLIED'
                AND (p.service <> 'world' OR NOT EXISTS (
                  SELECT 1 FROM orchestrator.workflows w
                  WHERE w.saga_id = p.saga_id AND w.status IN ('RUNNING', 'PAUSED')))
                AND NOT EXISTS (SELECT 1 FROM fleet.effects q
                                WHERE q.saga_id = p.saga_id AND q.step = p.step
                                  AND q.kind = 'UNDO' AND q.state = 'APPLIED'))
  AND NOT EXISTS (SELECT 1 FROM fleet.effects a
                  WHERE a.saga_id = s.saga_id AND a.step = s.step AND a.kind = 'DO' AND a.state = 'APPLIED');

-- E5: nothing before the pivot is undone while the pivot stands
-- class: S
-- key: saga_id
-- changed: fleet.effects(saga_id)
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.effects WHERE kind = 'UNDO'
SELECT u.saga_id, u.step FROM fleet.effects u
WHERE u.kind = 'UNDO' AND u.role = 'COMPENSATABLE' AND u.state = 'APPLIED' AND {key u.saga_id}
  AND EXISTS (SELECT 1 FROM fleet.effects p
              WHERE p.saga_id = u.saga_id AND p.role = 'PIVOT' AND p.kind = 'DO' AND p.state = 'APPLIED'
                AND NOT EXISTS (SELECT 1 FROM fleet.effects q
                                WHERE q.saga_id = p.saga_id AND q.step = p.step
                                  AND q.kind = 'UNDO' AND q.state = 'APPLIED'));

-- E6: a step takes effect once, and is undone once (duplicate delivery)
-- class: S
-- key: saga_id
-- changed: fleet.effects(saga_id)
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.effects WHERE state = 'APPLIED'
SELECT e.saga_id, e.step, e.kind FROM fleet.effects e
WHERE e.state = 'APPLIED' AND {key e.saga_id}
GROUP BY e.saga_id, e.step, e.kind HAVING COUNT(*) > 1;

-- E7: empty rollback: what was never done is not undone (its UNDO must be a NOOP that leaves a fence)
-- class: S
-- key: saga_id
-- changed: fleet.effects(saga_id)
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.effects WHERE kind = 'UNDO'
SELECT u.saga_id, u.step FROM fleet.effects u
WHERE u.kind = 'UNDO' AND u.state = 'APPLIED' AND {key u.saga_id}
  AND NOT EXISTS (SELECT 1 FROM fleet.effects d
                  WHERE d.saga_id = u.saga_id AND d.step = u.step AND d.kind = 'DO'
                    AND d.state = 'APPLIED' AND d.seq < u.seq);

-- E8: hanging: a late DO after its UNDO must be refused
-- class: S
-- key: saga_id
-- changed: fleet.effects(saga_id)
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.effects WHERE kind = 'UNDO'
SELECT u.saga_id, u.step FROM fleet.effects u
WHERE u.kind = 'UNDO' AND {key u.saga_id}
  AND EXISTS (SELECT 1 FROM fleet.effects d
              WHERE d.saga_id = u.saga_id AND d.step = u.step AND d.kind = 'DO'
                AND d.state = 'APPLIED' AND d.seq > u.seq);

-- E9: undo runs in reverse order of doing (what overlapped has no order)
-- class: Q
-- key: saga_id
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.effects WHERE kind = 'UNDO' AND state = 'APPLIED'
SELECT ua.saga_id FROM fleet.effects ua
WHERE ua.kind = 'UNDO' AND ua.state = 'APPLIED' AND {key ua.saga_id}
  AND EXISTS (SELECT 1 FROM fleet.effects a
              WHERE a.saga_id = ua.saga_id AND a.step = ua.step AND a.kind = 'DO' AND a.state = 'APPLIED'
                AND EXISTS (SELECT 1 FROM fleet.effects ub
                            WHERE ub.saga_id = a.saga_id AND ub.kind = 'UNDO' AND ub.state = 'APPLIED'
                              AND COALESCE(ub.begun, ub.seq) > ua.seq
                              AND EXISTS (SELECT 1 FROM fleet.effects b
                                          WHERE b.saga_id = ub.saga_id AND b.step = ub.step AND b.kind = 'DO'
                                            AND b.state = 'APPLIED'
                                            AND COALESCE(b.begun, b.seq) > a.seq)));

-- E10: every outbox is drained
-- class: Q
-- key: event_id
-- over: SELECT COUNT(*) FROM fleet.outbox
SELECT o.event_id, o.service FROM fleet.outbox o WHERE o.published_at IS NULL AND {key o.event_id};

-- E11: the verdict fits the facts: what ended is COMPLETED exactly when the pivot stands (soft failure; terminating a paid saga)
-- class: Q
-- key: saga_id
-- saga: SELECT ?1
-- over: SELECT COUNT(*) FROM fleet.steps WHERE role = 'PIVOT'
SELECT w.saga_id FROM orchestrator.workflows w
JOIN fleet.steps s ON s.saga_id = w.saga_id AND s.role = 'PIVOT'
WHERE w.parent_id IS NULL AND w.failure_of IS NULL AND w.status NOT IN ('RUNNING', 'PAUSED') AND {key w.saga_id}
  AND (w.status = 'COMPLETED') <> EXISTS (
    SELECT 1 FROM fleet.effects p
    WHERE p.saga_id = s.saga_id AND p.step = s.step AND p.kind = 'DO' AND p.state = 'APPLIED'
      AND NOT EXISTS (SELECT 1 FROM fleet.effects q
                      WHERE q.saga_id = p.saga_id AND q.step = p.step
                        AND q.kind = 'UNDO' AND q.state = 'APPLIED'));
