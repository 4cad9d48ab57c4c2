-- Sign-up: who can log in.

-- U2: an account can log in exactly when it is active
-- class: Q
-- key: user_id
-- over: SELECT COUNT(*) FROM users.accounts
SELECT a.user_id FROM users.accounts a
WHERE {key a.user_id} AND (a.state = 'ACTIVE')
  <> EXISTS (SELECT 1 FROM auth.credentials c WHERE c.user_id = a.user_id AND c.state = 'ENABLED');
