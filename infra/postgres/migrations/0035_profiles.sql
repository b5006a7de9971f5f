-- What a user says of himself, and of what he wants to be told. Who has said nothing has no row. What is null is as it is for
-- everybody.
CREATE TABLE identity.profiles (
    user_id     text        NOT NULL,
    -- His name, encrypted under his own key (0033).
    full_name   bytea,
    -- A language tag (BCP 47), in its usual case.
    language    text,
    -- A name of the IANA time zone database.
    time_zone   text,
    -- Whether he is told by e-mail, and by SMS, that money moved.
    email_money boolean,
    sms_money   boolean,
    updated_at  timestamptz NOT NULL,
    -- A user's own.
    CONSTRAINT profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT profiles_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);

-- Changes what p_patch names, and nothing else: {"language": "de", "time_zone": null}. What is encrypted is in base64. Where it changes
-- what its user is told of, that is an event of his, and needs his proof beyond the session. What he is shown as usual and says once more,
-- as an app does that sends its whole form, is no change; but that money came is told by SMS only where that was said, and to be told more
-- needs no proof. p_session_id is null at a sign-up.
-- Outcomes: done | session_ended (since the request was looked at) | proof_needed; nothing is changed but by the first.
CREATE FUNCTION identity.profile_change(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_patch jsonb, p_proven boolean, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_confirmed boolean;
    v_email     boolean;
    v_sms       boolean;
    v_new_email boolean;
    v_new_sms   boolean;
BEGIN
    SELECT u.email_confirmed INTO v_confirmed FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF p_session_id IS NOT NULL AND NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    SELECT p.email_money, p.sms_money INTO v_email, v_sms FROM identity.profiles p WHERE p.user_id = p_user_id;
    v_new_email := CASE WHEN p_patch ? 'email_money' THEN (p_patch ->> 'email_money')::boolean ELSE v_email END;
    IF v_email IS NULL AND v_new_email THEN
        v_new_email := NULL;
    END IF;
    v_new_sms := CASE WHEN p_patch ? 'sms_money' THEN (p_patch ->> 'sms_money')::boolean ELSE v_sms END;
    IF v_sms IS NULL AND NOT v_new_sms AND v_confirmed THEN
        v_new_sms := NULL;
    END IF;
    IF NOT p_proven AND (
        v_new_email IS DISTINCT FROM v_email
        OR v_new_sms IS DISTINCT FROM v_sms AND NOT (v_sms IS NULL AND v_new_sms AND NOT v_confirmed))
    THEN
        RETURN 'proof_needed';
    END IF;
    INSERT INTO identity.profiles AS p (user_id, full_name, language, time_zone, email_money, sms_money, updated_at)
    VALUES (
        p_user_id, decode(p_patch ->> 'full_name', 'base64'), p_patch ->> 'language', p_patch ->> 'time_zone', v_new_email, v_new_sms, p_now)
    ON CONFLICT (user_id) DO UPDATE
    SET full_name = CASE WHEN p_patch ? 'full_name' THEN excluded.full_name ELSE p.full_name END,
        language = CASE WHEN p_patch ? 'language' THEN excluded.language ELSE p.language END,
        time_zone = CASE WHEN p_patch ? 'time_zone' THEN excluded.time_zone ELSE p.time_zone END,
        email_money = excluded.email_money,
        sms_money = excluded.sms_money,
        updated_at = p_now;
    IF (v_new_email, v_new_sms) IS DISTINCT FROM (v_email, v_sms) THEN
        PERFORM identity.security_event(
            p_service_id, p_event_id, 'notices_changed', p_user_id, p_now,
            jsonb_build_object('emailMoney', v_new_email, 'smsMoney', v_new_sms));
    END IF;
    RETURN 'done';
END
$$;

-- Makes a user, with what he says of himself, both or neither. One statement: a front door that stops between two would hold a transaction
-- open, behind which nobody reads events.
CREATE FUNCTION identity.user_create(
    p_id text, p_email bytea, p_email_index bytea, p_phone bytea, p_phone_index bytea, p_password_hash text, p_stamp text,
    p_concurrency_stamp text, p_now timestamptz, p_profile jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.users
        (id, email, email_index, phone_number, phone_index, password_hash, security_stamp, concurrency_stamp, created_at)
    VALUES (p_id, p_email, p_email_index, p_phone, p_phone_index, p_password_hash, p_stamp, p_concurrency_stamp, p_now);
    IF p_profile IS NOT NULL THEN
        PERFORM identity.profile_change('', '', p_id, NULL, p_profile, true, p_now);
    END IF;
END
$$;
