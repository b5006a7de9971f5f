-- Accounts whose user has confirmed nothing hold nothing, and anybody makes as many as he likes. They go after a while.

-- From when on one's time counts, where he could not be removed at its end; else from when he was made.
ALTER TABLE identity.users ADD COLUMN removal_from timestamptz;

-- The oldest of them, for unconfirmed_users_due.
CREATE INDEX users_unconfirmed_idx ON identity.users ((coalesce(removal_from, created_at)))
    WHERE NOT email_confirmed AND NOT phone_number_confirmed;

-- Accounts whose time was over before a time, the oldest first: at most so many, with at most so many sessions that live together, or one.
CREATE FUNCTION identity.unconfirmed_users_due(p_before timestamptz, p_limit integer, p_most_sessions integer) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
    SELECT summed.id
    FROM (
        SELECT old.*, sum(old.sessions) OVER (ORDER BY old.due, old.id) AS sessions_until
        FROM (
            SELECT u.id, coalesce(u.removal_from, u.created_at) AS due,
                (SELECT count(*) FROM identity.sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL) AS sessions
            FROM identity.users u
            WHERE NOT u.email_confirmed AND NOT u.phone_number_confirmed AND u.role = 'user'
              AND coalesce(u.removal_from, u.created_at) < p_before
            ORDER BY coalesce(u.removal_from, u.created_at)
            LIMIT p_limit) AS old) AS summed
    WHERE summed.sessions_until <= p_most_sessions OR summed.sessions_until = summed.sessions
    ORDER BY summed.due, summed.id
$$;

-- One could not be removed: he is tried again a day later, and keeps nobody else from being removed.
CREATE FUNCTION identity.unconfirmed_user_put_off(p_user_id text, p_before timestamptz) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users u SET removal_from = p_before + interval '1 day' WHERE u.id = p_user_id
$$;

-- Removes accounts of unconfirmed_users_due, with all that is theirs here. One that is confirmed at this moment is passed over, and so is
-- one that somebody else has. Returns how many there were.
CREATE FUNCTION identity.unconfirmed_users_remove(
    p_service_id text, p_event_id text, p_users text[], p_before timestamptz, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_ids     text[];
    v_session text;
BEGIN
    SELECT coalesce(array_agg(old.id), '{}') INTO v_ids
    FROM (
        SELECT u.id FROM identity.users u
        WHERE u.id = ANY (p_users) AND NOT u.email_confirmed AND NOT u.phone_number_confirmed AND u.role = 'user'
          AND coalesce(u.removal_from, u.created_at) < p_before
        ORDER BY u.id
        FOR UPDATE SKIP LOCKED) AS old;
    -- Their sessions end at all front doors, as those of somebody who is erased (0043): those of which an access token may be about.
    -- Accounts that nobody uses any more, and they come in floods, leave nothing behind.
    FOR v_session IN
        SELECT s.id FROM identity.sessions s
        WHERE s.user_id = ANY (v_ids) AND s.revoked_at IS NULL AND s.last_used_at > p_now - interval '1 day'
        ORDER BY s.id
    LOOP
        PERFORM identity.session_revoke(p_service_id, identity.event_id_for(p_event_id, v_session), v_session, p_now, 'revoked');
    END LOOP;
    INSERT INTO identity.erased_sessions (id, revoked_at, access_ends_at)
    SELECT s.id, s.revoked_at, s.access_ends_at FROM identity.sessions s WHERE s.user_id = ANY (v_ids) AND s.revoked_at > p_now - interval '1 day';
    DELETE FROM identity.users u WHERE u.id = ANY (v_ids);
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

-- Removes data keys of users and merchants who never were: a key is stored before its user is, and a sign-up may break off in between; or
-- a request that was under way made one for somebody who had just been removed. Walks through a page of keys from one on, by the primary key; only those
-- that are older than a day, by the database's clock that they were made by. A key of somebody who was erased stays, as it stands for that.
-- Returns the page's last subject, null where the walk is over.
CREATE FUNCTION identity.stray_keys_remove(p_after text, p_page integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_page text[];
BEGIN
    SELECT coalesce(array_agg(p.subject ORDER BY p.subject), '{}') INTO v_page
    FROM (SELECT k.subject FROM subject_keys k WHERE k.subject > p_after ORDER BY k.subject LIMIT p_page) AS p;
    DELETE FROM subject_keys k
    WHERE k.subject = ANY (v_page) AND k.erased_at IS NULL AND k.created_at < now() - interval '1 day'
      AND CASE
          WHEN k.subject LIKE 'usr\_%' THEN NOT EXISTS (SELECT FROM identity.users u WHERE u.id = k.subject)
          WHEN k.subject LIKE 'mer\_%' THEN NOT EXISTS (SELECT FROM merchants.merchants m WHERE m.id = k.subject)
          ELSE false
      END;
    RETURN CASE WHEN cardinality(v_page) = p_page THEN v_page[p_page] END;
END
$$;
