-- Which key-encryption keys wrap the seeds that grains hold. A state holds encrypted seeds as members of its own, or in
-- lists that are (design.md §4); each names the key that wraps it as keyId. There is no index: one on an expression of
-- the payload would make every write of every state dearer, and these are asked by operators and rotations only.
CREATE FUNCTION grain_state_key_ids(p_payload jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_path_query(p_payload, '$.*.keyId') #>> '{}'
$$;

-- How many seeds each key-encryption key wraps.
CREATE FUNCTION key_inventory(p_service_id text) RETURNS TABLE (key_id text, seeds bigint)
LANGUAGE sql STABLE AS $$
    SELECT k.key_id, count(*)
    FROM grain_state s CROSS JOIN LATERAL grain_state_key_ids(s.payload) AS k (key_id)
    WHERE s.service_id = p_service_id
    GROUP BY k.key_id
    ORDER BY k.key_id
$$;

-- The states with a seed that another key than p_key_id wraps, after a place in the primary key's order.
CREATE FUNCTION key_holders(
    p_service_id text, p_key_id text, p_after_state_name text, p_after_grain_key text, p_limit integer)
RETURNS TABLE (state_name text, grain_key text)
LANGUAGE sql STABLE AS $$
    SELECT s.state_name, s.grain_key
    FROM grain_state s
    WHERE s.service_id = p_service_id
      AND (s.state_name, s.grain_key) > (p_after_state_name, p_after_grain_key)
      AND EXISTS (SELECT FROM grain_state_key_ids(s.payload) AS k (key_id) WHERE k.key_id <> p_key_id)
    ORDER BY s.state_name, s.grain_key
    LIMIT p_limit
$$;

-- Asks the rotation grain to begin, as an operator does who reaches the database only. Whatever the grain has in memory
-- is stale from now on, and it reads again when it is woken.
CREATE FUNCTION key_rotation_ask(p_service_id text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO grain_state (service_id, state_name, grain_key, payload, version, due_at)
    VALUES (p_service_id, 'key_rotation', 'key_rotation', jsonb_build_object('asked', true, 'dueAt', now()), 1, now())
    ON CONFLICT (service_id, state_name, grain_key) DO UPDATE
    SET payload = coalesce(grain_state.payload, '{}') || EXCLUDED.payload,
        version = grain_state.version + 1,
        due_at = EXCLUDED.due_at,
        modified_at = now()
$$;

-- The platform's accounts that have a key, the treasury among them: what ./stellarpay keys list shows, and what a start
-- looks for. Whoever asks names their states.
CREATE FUNCTION platform_accounts(p_service_id text, p_state_names text[])
RETURNS TABLE (state_name text, grain_key text, address text, key_id text)
LANGUAGE sql STABLE AS $$
    SELECT s.state_name, s.grain_key, s.payload -> 'key' ->> 'publicKey', s.payload -> 'key' ->> 'keyId'
    FROM grain_state s
    WHERE s.service_id = p_service_id
      AND s.state_name = ANY (p_state_names)
      AND s.payload -> 'key' ->> 'publicKey' IS NOT NULL
    ORDER BY s.grain_key
$$;
