-- Accounts whose user has confirmed nothing hold nothing, and anybody makes as many as he likes. They go after a while.

-- The oldest of them, for unconfirmed_users_remove.
CREATE INDEX users_unconfirmed_idx ON identity.users (created_at) WHERE NOT email_confirmed AND NOT phone_number_confirmed;

-- Removes accounts that were made before a time and have confirmed nothing, with all that is theirs here; at most so many. One that is
-- confirmed at this moment is passed over. Returns how many there were.
CREATE FUNCTION identity.unconfirmed_users_remove(p_before timestamptz, p_limit integer) RETURNS integer
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
    RETURN cardinality(v_ids);
END
$$;
