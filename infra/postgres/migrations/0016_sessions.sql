-- A session: one login, and the family of refresh tokens that descends from it.
CREATE TABLE identity.sessions (
    id             text        NOT NULL,
    user_id        text        NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    revoked_reason text,
    -- A token's session.
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_revoked_for_a_reason CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);

-- A user's sessions, newest last: session_open ends the oldest beyond the limit and those that have expired.
CREATE INDEX sessions_user_idx ON identity.sessions (user_id, created_at);

CREATE TABLE identity.refresh_tokens (
    token_hash bytea       NOT NULL,
    session_id text        NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    -- The token that a client presents. Only its SHA-256 is kept.
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT refresh_tokens_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
    CONSTRAINT refresh_tokens_session_fkey
        FOREIGN KEY (session_id) REFERENCES identity.sessions (id) ON DELETE CASCADE
);

-- A session's tokens that have expired: refresh_token_rotate removes them; and the cascade from sessions.
CREATE INDEX refresh_tokens_session_idx ON identity.refresh_tokens (session_id, expires_at);

CREATE FUNCTION identity.session_open(
    p_service_id text, p_event_id text, p_session_id text, p_user_id text, p_token_hash bytea, p_now timestamptz,
    p_expires_at timestamptz, p_most integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM identity.sessions WHERE user_id = p_user_id AND expires_at <= p_now;
    DELETE FROM identity.sessions
    WHERE id IN (
        SELECT s.id FROM identity.sessions s
        WHERE s.user_id = p_user_id
        ORDER BY s.created_at DESC
        OFFSET greatest(p_most - 1, 0));
    INSERT INTO identity.sessions (id, user_id, created_at, expires_at)
    VALUES (p_session_id, p_user_id, p_now, p_expires_at);
    INSERT INTO identity.refresh_tokens (token_hash, session_id, issued_at, expires_at)
    VALUES (p_token_hash, p_session_id, p_now, p_expires_at);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'login', p_user_id, p_now, jsonb_build_object('sessionId', p_session_id));
END
$$;

-- Ends a session. The first reason stays. Returns whether there was one to end.
CREATE FUNCTION identity.session_revoke(
    p_service_id text, p_event_id text, p_session_id text, p_now timestamptz, p_reason text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_user_id text;
BEGIN
    UPDATE identity.sessions
    SET revoked_at = p_now, revoked_reason = p_reason
    WHERE id = p_session_id AND revoked_at IS NULL
    RETURNING user_id INTO v_user_id;
    IF NOT found THEN
        RETURN false;
    END IF;
    PERFORM identity.security_event(
        p_service_id, p_event_id, CASE p_reason WHEN 'logout' THEN 'logout' ELSE 'session_revoked' END, v_user_id, p_now,
        jsonb_build_object('sessionId', p_session_id, 'reason', p_reason));
    RETURN true;
END
$$;

-- Exchanges a refresh token for the next of its family. Of two exchanges of one token at once, the row's lock lets
-- one through; the other finds it used. A token that comes twice was stolen from someone, so its family ends.
-- Outcomes: rotated | unknown | expired | reused | revoked.
CREATE FUNCTION identity.refresh_token_rotate(
    p_service_id text, p_event_id text, p_token_hash bytea, p_next_hash bytea, p_now timestamptz,
    p_expires_at timestamptz)
RETURNS TABLE (outcome text, session_id text, user_id text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_token   identity.refresh_tokens;
    v_session identity.sessions;
BEGIN
    UPDATE identity.refresh_tokens t
    SET used_at = p_now
    FROM identity.sessions s
    WHERE t.token_hash = p_token_hash AND t.used_at IS NULL AND t.expires_at > p_now
      AND s.id = t.session_id AND s.revoked_at IS NULL
    RETURNING t.* INTO v_token;
    IF found THEN
        DELETE FROM identity.refresh_tokens t WHERE t.session_id = v_token.session_id AND t.expires_at <= p_now;
        INSERT INTO identity.refresh_tokens (token_hash, session_id, issued_at, expires_at)
        VALUES (p_next_hash, v_token.session_id, p_now, p_expires_at);
        UPDATE identity.sessions s SET expires_at = p_expires_at WHERE s.id = v_token.session_id
        RETURNING s.* INTO v_session;
        RETURN QUERY SELECT 'rotated', v_session.id, v_session.user_id;
        RETURN;
    END IF;

    SELECT t.* INTO v_token FROM identity.refresh_tokens t WHERE t.token_hash = p_token_hash;
    IF NOT found THEN
        RETURN QUERY SELECT 'unknown', NULL::text, NULL::text;
        RETURN;
    END IF;
    SELECT s.* INTO v_session FROM identity.sessions s WHERE s.id = v_token.session_id;
    IF v_token.used_at IS NOT NULL THEN
        PERFORM identity.session_revoke(p_service_id, p_event_id, v_token.session_id, p_now, 'reuse');
        RETURN QUERY SELECT 'reused', v_session.id, v_session.user_id;
    ELSIF v_session.revoked_at IS NOT NULL THEN
        RETURN QUERY SELECT 'revoked', v_session.id, v_session.user_id;
    ELSE
        RETURN QUERY SELECT 'expired', v_session.id, v_session.user_id;
    END IF;
END
$$;
