-- Codes by which somebody who has forgotten his password sets another (0031). By the name that was given, whether anybody has it or not:
-- what is done and answered must not tell. Each request has a code and tries of its own, under the id that it was answered: what strangers
-- ask for and enter in somebody's name ends nothing of his.

-- Writes a code for a name, and the message that brings it if somebody has the name. Where there were too many, which is counted for any
-- name, from when on another may be asked for; else until when it holds.
CREATE FUNCTION identity.password_reset_send(
    p_kind text, p_key bytea, p_offer identity.code_offer, p_now timestamptz, OUT retry_at timestamptz, OUT expires_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_user_id text;
    v_code    record;
BEGIN
    SELECT u.id INTO v_user_id FROM identity.users u
    WHERE CASE p_kind
        WHEN 'email' THEN u.email_index = p_key AND u.email_confirmed
        ELSE u.phone_index = p_key AND u.phone_number_confirmed
    END
    -- A name that is given up at this moment is either its user's, who then forgets this code, or nobody's any more.
    FOR SHARE;
    v_code := identity.code_offer_write('password', p_kind, NULL, NULL, v_user_id, p_offer, NULL, p_now);
    IF v_user_id IS NULL THEN
        -- As much work as for one who is here; and nobody is written to.
        DELETE FROM identity.messages m WHERE m.id = p_offer.message_id;
    END IF;
    IF v_code.retry_at IS NOT NULL THEN
        -- Not where nobody has the name: what is left of the day would tell.
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
    END IF;
    retry_at := v_code.retry_at;
    expires_at := v_code.expires_at;
END
$$;

-- Sets a password by a code: the lock and all sessions of before end with it. Whoever has the name is told. Returns whose it was; null if
-- the code is wrong, whatever the reason.
CREATE FUNCTION identity.password_reset(
    p_service_id text, p_event_id text, p_handle bytea, p_name_digest bytea, p_code_hash bytea, p_password_hash text,
    p_now timestamptz, p_message_id text, p_channel text, p_message bytea, p_due_at timestamptz, p_message_expires_at timestamptz)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_reset identity.one_time_codes;
BEGIN
    -- The user first, and then his codes, as whoever else changes both.
    PERFORM 1 FROM identity.one_time_codes c JOIN identity.users u ON u.id = c.user_id WHERE c.handle = p_handle FOR UPDATE OF u;
    v_reset := identity.code_take(p_handle, p_code_hash, p_now);
    IF v_reset.user_id IS NULL OR v_reset.name_digest <> p_name_digest THEN
        RETURN NULL;
    END IF;
    -- A user who was read before must not be written back with the password that he had: hence the stamp.
    UPDATE identity.users u
    SET password_hash = p_password_hash, security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text,
        rationed_since = p_now
    WHERE u.id = v_reset.user_id;
    PERFORM identity.attempts_forget('password', v_reset.user_id, NULL);
    -- Also those to his other names; and whoever knew the old password may have begun to change a contact (0037).
    DELETE FROM identity.one_time_codes c WHERE c.user_id = v_reset.user_id AND c.purpose IN ('password', 'change');
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'password_reset', v_reset.user_id, p_now, jsonb_build_object('channel', p_channel));
    PERFORM identity.sessions_revoke_others(p_service_id, p_event_id, v_reset.user_id, '', p_now);
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    VALUES (p_message_id, p_channel, p_message, p_due_at, p_message_expires_at);
    RETURN v_reset.user_id;
END
$$;
