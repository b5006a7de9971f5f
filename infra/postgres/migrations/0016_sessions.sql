-- A session: one login, and the family of refresh tokens that descends from it.
CREATE TABLE identity.sessions (
    id             text        NOT NULL,
    user_id        text        NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    last_used_at   timestamptz NOT NULL,
    -- What the client called itself when it logged in, so that its user knows it again in the list of his sessions.
    user_agent     text,
    -- When its user last showed a second factor in it; null where he has not.
    factor_at      timestamptz,
    revoked_at     timestamptz,
    revoked_reason text,
    -- When the last access token that was given in it is over: from then on nobody need know that it was ended.
    access_ends_at timestamptz NOT NULL,
    -- Of what all of its refresh tokens begin with: one that is kept no more is still known as one of this family.
    family_hash    bytea       NOT NULL,
    -- A token's session.
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    -- The session of a refresh token.
    CONSTRAINT sessions_family_key UNIQUE (family_hash),
    CONSTRAINT sessions_family_is_sha256 CHECK (octet_length(family_hash) = 32),
    CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_revoked_for_a_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);

-- A user's sessions that live, newest last, and apart from them those that were ended, of which there may be very many: session_open ends
-- the oldest beyond the limit and walks over none of the others; user_sessions_remove; and the cascade from users.
CREATE INDEX sessions_user_idx ON identity.sessions (user_id, revoked_at, created_at);

-- The oldest that were ended: spent_sessions_remove.
CREATE INDEX sessions_revoked_idx ON identity.sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- What has been ended and has an access token about: sessions_ended, read by each front door when it starts.
CREATE INDEX sessions_access_idx ON identity.sessions (access_ends_at) WHERE revoked_at IS NOT NULL;

-- Sessions that went with their user, for as long as one of their access tokens may be about.
CREATE TABLE identity.erased_sessions (
    id             text        NOT NULL,
    revoked_at     timestamptz NOT NULL,
    access_ends_at timestamptz NOT NULL,
    -- A token's session.
    CONSTRAINT erased_sessions_pkey PRIMARY KEY (id)
);

-- The oldest, for spent_sessions_remove.
CREATE INDEX erased_sessions_revoked_idx ON identity.erased_sessions (revoked_at);

-- Those that have an access token about, for sessions_ended.
CREATE INDEX erased_sessions_access_idx ON identity.erased_sessions (access_ends_at);

-- Two of a session at most: the one that may be exchanged, and the one that it was exchanged for, so that a lost answer can be given again.
-- Whoever exchanges them all day fills nothing; one that is here no more is known by its family.
CREATE TABLE identity.refresh_tokens (
    token_hash bytea       NOT NULL,
    session_id text        NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    -- From the token itself and this salt its successor is derived, so that an answer that was lost can be given again
    -- though we keep no token. Gone as soon as the successor is used. By itself it says nothing.
    salt       bytea,
    -- Who exchanged it, as a digest under the token; whoever has the table alone can make nothing of it.
    used_by    bytea,
    -- The token that a client presents. Only its SHA-256 is kept.
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT refresh_tokens_session_fkey
        FOREIGN KEY (session_id) REFERENCES identity.sessions (id) ON DELETE CASCADE
);

-- A session's tokens, of which refresh_token_rotate removes those that are over; and the cascade from sessions.
CREATE INDEX refresh_tokens_session_idx ON identity.refresh_tokens (session_id);

-- Ends a session. The first reason stays. Returns whether there was one to end.
CREATE FUNCTION identity.session_revoke(
    p_service_id text, p_event_id text, p_session_id text, p_now timestamptz, p_reason text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_user_id text;
    v_ends_at timestamptz;
BEGIN
    UPDATE identity.sessions
    SET revoked_at = p_now, revoked_reason = p_reason
    WHERE id = p_session_id AND revoked_at IS NULL
    RETURNING user_id, access_ends_at INTO v_user_id, v_ends_at;
    IF NOT found THEN
        RETURN false;
    END IF;
    PERFORM identity.security_event(
        p_service_id, p_event_id, CASE p_reason WHEN 'logout' THEN 'logout' ELSE 'session_revoked' END, v_user_id, p_now,
        jsonb_build_object('sessionId', p_session_id, 'reason', p_reason, 'accessEndsAt', v_ends_at));
    RETURN true;
END
$$;

-- Opens a session for a user who was just read, with the stamp that he had. False if his password is another since, or if he has a
-- second factor and has not shown it: whatever was read before, nobody comes in without it. The stamp is another too once a factor was
-- removed or undone, so that one that was shown before opens nothing after. Each session that is ended is remembered by all front doors for as
-- long as its access token holds: an account in which p_most_ended were ended within a day opens no more until retry_at, however it is
-- that they end. Whoever sets his password by a code is not kept out by what was done before; but three times as many are the most of all.
CREATE FUNCTION identity.session_open(
    p_service_id text, p_event_id text, p_session_id text, p_user_id text, p_token_hash bytea, p_now timestamptz,
    p_expires_at timestamptz, p_most integer, p_user_agent text, p_stamp text, p_factor_at timestamptz, p_family_hash bytea,
    p_access_ends_at timestamptz, p_most_ended integer, OUT opened boolean, OUT retry_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_oldest text;
    v_since  timestamptz;
BEGIN
    opened := false;
    -- A password that was replaced while it was looked at opens nothing; and who replaces it finds the sessions that it opened before. One
    -- login at a time, so that there are never more than p_most.
    SELECT u.rationed_since INTO v_since FROM identity.users u
    WHERE u.id = p_user_id AND u.security_stamp IS NOT DISTINCT FROM p_stamp
      AND (p_factor_at IS NOT NULL OR NOT u.two_factor_enabled)
    FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN;
    END IF;
    SELECT max(ended.revoked_at) + interval '1 day' INTO retry_at
    FROM (VALUES (v_since, p_most_ended), ('-infinity', 3 * p_most_ended)) AS bound (since, most)
    CROSS JOIN LATERAL (
        SELECT s.revoked_at FROM identity.sessions s
        WHERE s.user_id = p_user_id AND s.revoked_at > greatest(p_now - interval '1 day', bound.since)
        ORDER BY s.revoked_at DESC
        OFFSET bound.most - 1
        LIMIT 1) AS ended;
    IF retry_at IS NOT NULL THEN
        RETURN;
    END IF;
    DELETE FROM identity.sessions s WHERE s.user_id = p_user_id AND s.revoked_at IS NULL AND s.expires_at <= p_now;
    -- Ended and not removed: their access tokens are still about, and front doors are told by the event. They go with spent_sessions_remove.
    FOR v_oldest IN
        SELECT s.id FROM identity.sessions s
        WHERE s.user_id = p_user_id AND s.revoked_at IS NULL
        ORDER BY s.created_at DESC, s.id
        OFFSET greatest(p_most - 1, 0)
    LOOP
        PERFORM identity.session_revoke(p_service_id, identity.event_id_for(p_event_id, v_oldest), v_oldest, p_now, 'displaced');
    END LOOP;
    INSERT INTO identity.sessions
        (id, user_id, created_at, expires_at, last_used_at, user_agent, factor_at, family_hash, access_ends_at)
    VALUES (p_session_id, p_user_id, p_now, p_expires_at, p_now, p_user_agent, p_factor_at, p_family_hash, p_access_ends_at);
    INSERT INTO identity.refresh_tokens (token_hash, session_id, issued_at, expires_at)
    VALUES (p_token_hash, p_session_id, p_now, p_expires_at);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'login', p_user_id, p_now, jsonb_build_object('sessionId', p_session_id));
    opened := true;
END
$$;

-- Whether a session still is, and that it stays until the transaction ends. For whoever changes what protects an account: that the session
-- was looked up before the request says nothing of the moment in which it is written. The user's row is locked by then.
CREATE FUNCTION identity.session_hold(p_session_id text, p_user_id text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.sessions s
    WHERE s.id = p_session_id AND s.user_id = p_user_id AND s.revoked_at IS NULL
    FOR NO KEY UPDATE;
    RETURN found;
END
$$;

-- Ends a session of a user's, asked for in p_by, one of his: of two that end each other one does. A repeat changes nothing.
-- Outcomes: done | none (he has no such session) | session_ended (p_by, since the request was looked at).
CREATE FUNCTION identity.session_end(
    p_service_id text, p_event_id text, p_user_id text, p_by text, p_session_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_by, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    IF NOT EXISTS (SELECT FROM identity.sessions s WHERE s.id = p_session_id AND s.user_id = p_user_id) THEN
        RETURN 'none';
    END IF;
    PERFORM identity.session_revoke(p_service_id, p_event_id, p_session_id, p_now, 'revoked');
    RETURN 'done';
END
$$;

-- Ends a user's other sessions, all of them: one that was left would be the thief's. p_kept stays, in which it is asked for; where it is '',
-- none. Nothing is opened meanwhile. False, and nothing is ended, where p_kept is over itself.
CREATE FUNCTION identity.sessions_revoke_others(
    p_service_id text, p_event_id text, p_user_id text, p_kept text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_other text;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF p_kept <> '' AND NOT identity.session_hold(p_kept, p_user_id) THEN
        RETURN false;
    END IF;
    FOR v_other IN
        SELECT s.id FROM identity.sessions s
        WHERE s.user_id = p_user_id AND s.id <> p_kept AND s.revoked_at IS NULL
        ORDER BY s.created_at DESC, s.id
    LOOP
        PERFORM identity.session_revoke(p_service_id, identity.event_id_for(p_event_id, v_other), v_other, p_now, 'revoked');
    END LOOP;
    RETURN true;
END
$$;

-- Takes one of the attempts at a password or a code (p_what: password | factor) that are made in a session. They are that session's:
-- whoever has stolen it locks it and nothing else, and ends it by the fourth lock in a row. All sessions of a user have many more together,
-- so that whoever has stolen several does not guess without end. The user's row is locked by then. Until when it is refused, or what it locks.
CREATE FUNCTION identity.session_attempt(
    p_service_id text, p_event_id text, p_what text, p_user_id text, p_session_id text, p_now timestamptz, p_most integer,
    p_most_of_sessions integer, p_most_locks integer, p_lockout interval, OUT refused_until timestamptz, OUT locks_until timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_own record;
    v_all record;
BEGIN
    v_own := identity.attempt_take(p_what || ' ' || p_session_id, p_user_id, p_now, p_most, p_lockout, interval '1 day');
    refused_until := v_own.refused_until;
    IF refused_until IS NOT NULL THEN
        RETURN;
    END IF;
    v_all := identity.attempt_take(
        p_what || ' in sessions ' || p_user_id, p_user_id, p_now, p_most_of_sessions, p_lockout, interval '1 day');
    refused_until := v_all.refused_until;
    locks_until := greatest(v_own.locks_until, v_all.locks_until);
    IF v_own.locks_until IS NOT NULL AND v_own.locks >= p_most_locks THEN
        PERFORM identity.session_revoke(p_service_id, p_event_id, p_session_id, p_now, p_what || '_guesses');
    END IF;
END
$$;

-- Takes an attempt at the password of somebody who is logged in. Null if it may be tried, else until when it is locked in sessions. Logins
-- are another matter: whoever has stolen a session does not keep its owner out, and strangers who guess at the login lock no session.
CREATE FUNCTION identity.session_password_attempt(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_now timestamptz, p_most integer,
    p_most_of_sessions integer, p_most_locks integer, p_lockout interval) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_attempt record;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    v_attempt := identity.session_attempt(
        p_service_id, identity.event_id_for(p_event_id, p_session_id), 'password', p_user_id, p_session_id, p_now, p_most,
        p_most_of_sessions, p_most_locks, p_lockout);
    IF v_attempt.locks_until IS NOT NULL THEN
        PERFORM identity.security_event(
            p_service_id, p_event_id, 'locked_out', p_user_id, p_now,
            jsonb_build_object('sessionId', p_session_id, 'until', v_attempt.locks_until));
    END IF;
    PERFORM identity.attempts_prune(p_now);
    RETURN v_attempt.refused_until;
END
$$;

-- A user has shown a second factor in a session of his, or set one up. In the transaction that takes what was shown, and his row is locked
-- by then: else the factor could be removed between the two, and would stand for the session afterwards.
CREATE FUNCTION identity.session_factor_shown(p_session_id text, p_user_id text, p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.sessions s SET factor_at = p_now
    WHERE s.id = p_session_id AND s.user_id = p_user_id AND s.revoked_at IS NULL
$$;

-- Sessions that were ended though an access token of theirs holds after a time, for a front door that starts; what is ended from then on it
-- learns from the events.
CREATE FUNCTION identity.sessions_ended(p_after timestamptz, p_limit integer)
RETURNS TABLE (session_id text, access_ends_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT s.id, s.access_ends_at FROM identity.sessions s WHERE s.revoked_at IS NOT NULL AND s.access_ends_at > p_after
    UNION ALL
    SELECT e.id, e.access_ends_at FROM identity.erased_sessions e WHERE e.access_ends_at > p_after
    LIMIT p_limit
$$;

-- The ends of sessions after a place in the feed, those that events_read still holds back among them: whoever asks may be
-- told twice, but is told at once. A caller who begins his next look at the oldest transaction that ran before he asked misses none; within
-- a look he goes on from event to event, for a transaction may have written more than a page.
CREATE FUNCTION identity.session_ends_read(p_service_id text, p_xid xid8, p_id bigint, p_limit integer) RETURNS SETOF events
LANGUAGE sql STABLE AS $$
    SELECT e.*
    FROM events e
    -- The first line leaves out the partitions that lie before the place; the second alone would not.
    WHERE e.xid >= p_xid
      AND (e.xid, e.id) > (p_xid, p_id)
      AND e.service_id = p_service_id AND e.type IN ('security.logout', 'security.session_revoked')
    ORDER BY e.xid, e.id
    LIMIT p_limit
$$;

-- What was counted of wrong passwords and codes in sessions that are no more. Who is counted at this moment stays, and is over with time.
CREATE FUNCTION identity.session_attempts_forget(p_sessions text[]) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.attempts
    WHERE key IN (
        SELECT a.key FROM identity.attempts a
        WHERE a.key IN (SELECT what || s FROM unnest(p_sessions) AS s, unnest(ARRAY['password ', 'factor ']) AS what)
        FOR UPDATE SKIP LOCKED)
$$;

-- Removes sessions that ended before a time, at most so many of each kind: no access token of theirs is about any more. A transaction of
-- its own that waits for nobody. Returns how many there were of the kind that had more.
CREATE FUNCTION identity.spent_sessions_remove(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_ids    text[];
    v_erased integer;
BEGIN
    WITH spent AS (
        SELECT s.id FROM identity.sessions s
        WHERE s.revoked_at < p_before
        ORDER BY s.revoked_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED),
    gone AS (DELETE FROM identity.sessions s USING spent WHERE s.id = spent.id RETURNING s.id)
    SELECT coalesce(array_agg(gone.id), '{}') INTO v_ids FROM gone;
    PERFORM identity.session_attempts_forget(v_ids);
    DELETE FROM identity.erased_sessions
    WHERE id IN (
        SELECT e.id FROM identity.erased_sessions e
        WHERE e.revoked_at < p_before
        ORDER BY e.revoked_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_erased = ROW_COUNT;
    RETURN greatest(cardinality(v_ids), v_erased);
END
$$;

-- Removes sessions of a user's that were ended, at most so many; for as long as their access tokens may be about, it stays known that they
-- were. Before he is removed himself: in his last transaction, for whose end the readers of events wait, there are few left. How many.
CREATE FUNCTION identity.user_sessions_remove(p_user_id text, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_ids text[];
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    WITH ended AS (
        SELECT s.id FROM identity.sessions s
        WHERE s.user_id = p_user_id AND s.revoked_at IS NOT NULL
        ORDER BY s.revoked_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED),
    gone AS (DELETE FROM identity.sessions s USING ended WHERE s.id = ended.id RETURNING s.id, s.revoked_at, s.access_ends_at),
    kept AS (
        INSERT INTO identity.erased_sessions (id, revoked_at, access_ends_at)
        SELECT gone.id, gone.revoked_at, gone.access_ends_at FROM gone)
    SELECT coalesce(array_agg(gone.id), '{}') INTO v_ids FROM gone;
    PERFORM identity.session_attempts_forget(v_ids);
    RETURN cardinality(v_ids);
END
$$;

-- Exchanges a refresh token for the next of its family. Of several exchanges of one token at once, the session's lock lets one
-- through; the others find it used. Whoever exchanged it may ask for the same answer again for p_again, as long as the
-- successor is not used: answers get lost. Any other token of the family was used before, though it may be kept no more: it was stolen from
-- someone, so its family ends.
-- Outcomes: rotated | repeated | unknown | expired | reused | revoked.
CREATE FUNCTION identity.refresh_token_rotate(
    p_service_id text, p_event_id text, p_family_hash bytea, p_token_hash bytea, p_next_hash bytea, p_salt bytea, p_used_by bytea,
    p_now timestamptz, p_expires_at timestamptz, p_again interval, p_access interval)
RETURNS TABLE (outcome text, session_id text, user_id text, salt bytea, rotated_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_token   identity.refresh_tokens;
    v_session identity.sessions;
    v_known   boolean;
BEGIN
    -- The session before its tokens, as whoever removes it with them.
    SELECT s.* INTO v_session FROM identity.sessions s WHERE s.family_hash = p_family_hash FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN QUERY SELECT 'unknown', NULL::text, NULL::text, NULL::bytea, NULL::timestamptz, NULL::timestamptz;
        RETURN;
    END IF;
    UPDATE identity.refresh_tokens t
    SET used_at = p_now, salt = p_salt, used_by = p_used_by
    WHERE t.token_hash = p_token_hash AND t.session_id = v_session.id AND t.used_at IS NULL AND t.expires_at > p_now
      AND v_session.revoked_at IS NULL
    RETURNING t.* INTO v_token;
    IF found THEN
        DELETE FROM identity.refresh_tokens t WHERE t.session_id = v_session.id AND t.token_hash <> p_token_hash;
        INSERT INTO identity.refresh_tokens (token_hash, session_id, issued_at, expires_at)
        VALUES (p_next_hash, v_session.id, p_now, p_expires_at);
        UPDATE identity.sessions s
        SET expires_at = p_expires_at, last_used_at = p_now, access_ends_at = greatest(s.access_ends_at, p_now + p_access)
        WHERE s.id = v_session.id;
        RETURN QUERY SELECT 'rotated', v_session.id, v_session.user_id, p_salt, v_token.used_at, p_expires_at;
        RETURN;
    END IF;

    SELECT t.* INTO v_token FROM identity.refresh_tokens t WHERE t.token_hash = p_token_hash AND t.session_id = v_session.id;
    v_known := found;
    IF v_session.revoked_at IS NULL AND v_token.used_by = p_used_by AND v_token.salt IS NOT NULL
        AND p_now < v_token.used_at + p_again THEN
        -- By another front door perhaps, whose access tokens hold for longer.
        UPDATE identity.sessions s SET access_ends_at = v_token.used_at + p_access
        WHERE s.id = v_session.id AND s.access_ends_at < v_token.used_at + p_access;
        RETURN QUERY SELECT
            'repeated', v_session.id, v_session.user_id, v_token.salt, v_token.used_at, v_session.expires_at;
        RETURN;
    END IF;
    IF NOT v_known OR v_token.used_at IS NOT NULL THEN
        PERFORM identity.session_revoke(p_service_id, p_event_id, v_session.id, p_now, 'reuse');
    END IF;
    RETURN QUERY SELECT
        CASE
            WHEN NOT v_known OR v_token.used_at IS NOT NULL THEN 'reused'
            WHEN v_session.revoked_at IS NOT NULL THEN 'revoked'
            ELSE 'expired'
        END,
        v_session.id, v_session.user_id, NULL::bytea, NULL::timestamptz, NULL::timestamptz;
END
$$;
