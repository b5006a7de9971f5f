-- Accounts whose user has confirmed nothing hold nothing, and anybody makes as many as he likes. They go after a while.

-- The oldest of them, for unconfirmed_users_remove.
CREATE INDEX users_unconfirmed_idx ON identity.users (created_at) WHERE NOT email_confirmed AND NOT phone_number_confirmed;

-- Removes accounts that were made before a time and have confirmed nothing, with all that is theirs here; at most so many. One that is
-- confirmed at this moment is passed over. Returns how many there were.
CREATE FUNCTION identity.unconfirmed_users_remove(p_service_id text, p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_ids text[];
BEGIN
    WITH old AS (
        SELECT u.id FROM identity.users u
        WHERE NOT u.email_confirmed AND NOT u.phone_number_confirmed AND u.created_at < p_before AND u.role = 'user'
        ORDER BY u.created_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED),
    gone AS (
        DELETE FROM identity.users u USING old WHERE u.id = old.id RETURNING u.id)
    SELECT coalesce(array_agg(g.id), '{}') INTO v_ids FROM gone g;
    -- No id is given twice, so nothing is ever sealed for them again, and nothing need be kept of them.
    DELETE FROM subject_keys k WHERE k.subject = ANY (v_ids);
    -- Their wallets have a key and nothing else: an account was never asked for, and the address was shown to nobody, who could have paid
    -- it. One that an administrator has frozen stays.
    WITH wallets AS (
        DELETE FROM grain_state s
        WHERE s.service_id = p_service_id AND s.state_name = 'wallet'
          AND s.grain_key IN (SELECT 'wal_' || substr(id, 5) FROM unnest(v_ids) AS id)
          AND s.payload ->> 'status' = 'Unopened' AND s.payload -> 'frozen' IS NULL
        RETURNING s.grain_key),
    child_rows AS (
        DELETE FROM grain_rows r USING wallets w
        WHERE r.service_id = p_service_id AND r.state_name = 'wallet' AND r.grain_key = w.grain_key)
    DELETE FROM ledger_addresses a USING wallets w
    WHERE a.service_id = p_service_id AND a.owner_kind = 'wallet' AND a.owner_key = w.grain_key;
    RETURN cardinality(v_ids);
END
$$;
