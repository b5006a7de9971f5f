-- Codes by which somebody who has forgotten his password sets another. By the name that was given, whether anybody has it or not:
-- what is done and answered must not tell. Names of people who are not here are not kept: it is a digest under a key that the
-- database does not have, as the code's is.
CREATE TABLE identity.password_resets (
    name_digest bytea       NOT NULL,
    -- Whose password it sets; null where nobody has confirmed the name. No code of such a row was ever sent.
    user_id     text,
    code_hash   bytea       NOT NULL,
    tries_left  integer     NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- The name that a code is entered for. A new one takes the place of the one before.
    CONSTRAINT password_resets_pkey PRIMARY KEY (name_digest),
    CONSTRAINT password_resets_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT password_resets_digests_are_sha256 CHECK (octet_length(name_digest) = 32 AND octet_length(code_hash) = 32)
);

-- The oldest, which password_reset_send removes.
CREATE INDEX password_resets_expires_idx ON identity.password_resets (expires_at);

-- A user's, for the cascade and for password_reset.
CREATE INDEX password_resets_user_idx ON identity.password_resets (user_id);

-- Writes a code for a name, and the message that brings it if somebody has the name. Returns from when on another may be asked
-- for where there were too many, which is counted for any name.
CREATE FUNCTION identity.password_reset_send(
    p_kind text, p_name text, p_name_digest bytea, p_code_hash bytea, p_tries integer, p_now timestamptz, p_expires_at timestamptz,
    p_count_key bytea, p_most integer, p_window interval,
    p_message_id text, p_channel text, p_message bytea, p_due_at timestamptz, p_message_expires_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_retry_at timestamptz;
    v_user_id  text;
BEGIN
    v_retry_at := identity.contact_code_count(p_count_key, p_most, p_window, p_now);
    IF v_retry_at IS NOT NULL THEN
        RETURN v_retry_at;
    END IF;
    DELETE FROM identity.password_resets
    WHERE name_digest IN (
        SELECT r.name_digest FROM identity.password_resets r
        WHERE r.expires_at < p_now AND r.name_digest <> p_name_digest
        ORDER BY r.expires_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
    SELECT u.id INTO v_user_id FROM identity.users u
    WHERE CASE p_kind
        WHEN 'email' THEN u.normalized_email = p_name AND u.email_confirmed
        ELSE u.phone_number = p_name AND u.phone_number_confirmed
    END
    -- A name that is given up at this moment is either its user's, who then forgets this code, or nobody's any more.
    FOR SHARE;
    INSERT INTO identity.password_resets (name_digest, user_id, code_hash, tries_left, expires_at)
    VALUES (p_name_digest, v_user_id, p_code_hash, p_tries, p_expires_at)
    ON CONFLICT (name_digest) DO UPDATE
    SET user_id = excluded.user_id, code_hash = excluded.code_hash, tries_left = excluded.tries_left, expires_at = excluded.expires_at;
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    VALUES (p_message_id, p_channel, p_message, p_due_at, p_message_expires_at);
    IF v_user_id IS NULL THEN
        -- As much work as for one who is here; and nobody is written to.
        DELETE FROM identity.messages m WHERE m.id = p_message_id;
    END IF;
    RETURN NULL;
END
$$;

-- Sets a password by a code: the lock and all sessions of before end with it. A try is taken before the code is looked at.
-- Whoever has the name is told. Returns whose it was; null if the code is wrong, whatever the reason.
CREATE FUNCTION identity.password_reset(
    p_service_id text, p_event_ids text[], p_name_digest bytea, p_code_hash bytea, p_password_hash text, p_now timestamptz,
    p_message_id text, p_channel text, p_message bytea, p_due_at timestamptz, p_message_expires_at timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_reset identity.password_resets;
BEGIN
    UPDATE identity.password_resets r
    SET tries_left = r.tries_left - 1
    WHERE r.name_digest = p_name_digest AND r.tries_left > 0 AND r.expires_at > p_now
    RETURNING r.* INTO v_reset;
    IF v_reset.user_id IS NULL OR v_reset.code_hash <> p_code_hash THEN
        RETURN NULL;
    END IF;
    -- A user who was read before must not be written back with the password that he had: hence the stamp.
    UPDATE identity.users u
    SET password_hash = p_password_hash, security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text,
        access_failed_count = 0, lockout_end = NULL
    WHERE u.id = v_reset.user_id;
    -- Whoever knew the old password may have begun to change a contact (0037).
    DELETE FROM identity.contact_changes c WHERE c.user_id = v_reset.user_id;
    -- Also those to his other names.
    DELETE FROM identity.password_resets r WHERE r.user_id = v_reset.user_id;
    PERFORM identity.security_event(
        p_service_id, p_event_ids[1], 'password_reset', v_reset.user_id, p_now, jsonb_build_object('channel', p_channel));
    PERFORM identity.sessions_revoke_others(p_service_id, p_event_ids[2:], v_reset.user_id, '', p_now);
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    VALUES (p_message_id, p_channel, p_message, p_due_at, p_message_expires_at);
    RETURN v_reset.user_id;
END
$$;
