-- What concerns a user's own safety is told to him: logins, logouts, sessions that were ended, an account that was
-- locked. Each is an event of his, written in the transaction of what it tells; the functions of 0020_identity.sql with
-- the service and the event's id before their own parameters.

CREATE FUNCTION identity.security_event(
    p_service_id text, p_event_id text, p_type text, p_user_id text, p_at timestamptz, p_data jsonb) RETURNS void
LANGUAGE sql AS $$
    SELECT events_append(p_service_id, jsonb_build_array(jsonb_build_object(
        'id', p_event_id, 'type', 'security.' || p_type, 'at', p_at, 'subject', p_user_id, 'owner', p_user_id,
        'data', jsonb_strip_nulls(p_data))))
$$;

DROP FUNCTION identity.session_open(text, text, bytea, timestamptz, timestamptz, integer);

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

DROP FUNCTION identity.refresh_token_rotate(bytea, bytea, timestamptz, timestamptz);

CREATE FUNCTION identity.refresh_token_rotate(
    p_service_id text, p_event_id text, p_token_hash bytea, p_next_hash bytea, p_now timestamptz, p_expires_at timestamptz)
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

DROP FUNCTION identity.session_revoke(text, timestamptz, text);

DROP FUNCTION identity.login_attempt_take(text, timestamptz, integer, interval);

CREATE FUNCTION identity.login_attempt_take(
    p_service_id text, p_event_id text, p_user_id text, p_now timestamptz, p_most integer, p_lockout interval)
RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_until timestamptz;
BEGIN
    UPDATE identity.users
    SET access_failed_count = CASE WHEN access_failed_count + 1 >= p_most THEN 0 ELSE access_failed_count + 1 END,
        lockout_end = CASE WHEN access_failed_count + 1 >= p_most THEN p_now + p_lockout ELSE lockout_end END
    WHERE id = p_user_id AND (NOT lockout_enabled OR lockout_end IS NULL OR lockout_end <= p_now)
    RETURNING lockout_end INTO v_until;
    IF NOT found THEN
        RETURN (SELECT lockout_end FROM identity.users WHERE id = p_user_id);
    END IF;
    -- The attempt that locks may still be the right one, and unlock again; he is told all the same.
    IF v_until = p_now + p_lockout THEN
        PERFORM identity.security_event(
            p_service_id, p_event_id, 'locked_out', p_user_id, p_now, jsonb_build_object('until', v_until));
    END IF;
    RETURN NULL;
END
$$;
