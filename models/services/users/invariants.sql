-- Families.

-- F1: reserved and active seats never exceed the plan
-- class: S
-- key: household_id
-- changed: users.households(household_id)
-- changed: users.members(household_id)
-- changed: subscriptions.subs: SELECT household_id FROM users.households WHERE sub_id = :sub_id
-- over: SELECT COUNT(*) FROM users.households
SELECT h.household_id FROM users.households h
JOIN subscriptions.subs s ON s.sub_id = h.sub_id
JOIN subscriptions.plans p ON p.plan_id = s.plan_id
WHERE h.state = 'ACTIVE' AND {key h.household_id}
  AND (SELECT COUNT(*) FROM users.members m
       WHERE m.household_id = h.household_id AND m.state IN ('INVITED', 'ACTIVE')) > p.seats;

-- F2: nobody is an active member of two households
-- class: S
-- key: user_id
-- changed: users.members(user_id)
-- over: SELECT COUNT(*) FROM users.members
SELECT m.user_id FROM users.members m WHERE m.state = 'ACTIVE' AND {key m.user_id}
GROUP BY m.user_id HAVING COUNT(DISTINCT m.household_id) > 1;

-- F3: a household is active exactly while a live multi-seat subscription backs it
-- class: Q
-- key: household_id
-- over: SELECT COUNT(*) FROM users.households
SELECT h.household_id FROM users.households h
WHERE {key h.household_id} AND (h.state = 'ACTIVE')
  <> EXISTS (SELECT 1 FROM subscriptions.subs s
             JOIN subscriptions.plans p ON p.plan_id = s.plan_id
             WHERE s.sub_id = h.sub_id AND s.state IN ('ACTIVE', 'PAST_DUE') AND p.seats > 1);
