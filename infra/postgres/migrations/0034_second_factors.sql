-- What a user shows beside his password: a code of his authenticator (TOTP, RFC 6238), or one of his recovery codes.
CREATE TABLE identity.second_factors (
    user_id           text    NOT NULL,
    -- Encrypted under the user's own data key (0033).
    totp_secret       bytea,
    totp_begun_at     timestamptz,
    -- From when on it is asked for: its user has shown a code. Null before.
    totp_confirmed_at timestamptz,
    -- The time step of the last code that was taken: that one and those before it are taken no more.
    totp_last_step    bigint  NOT NULL DEFAULT 0,
    -- A user's factors.
    CONSTRAINT second_factors_pkey PRIMARY KEY (user_id),
    CONSTRAINT second_factors_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT second_factors_confirmed_has_secret CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL)
);

-- For whoever has lost his authenticator; each is good once. Digests under a key that the database does not have.
CREATE TABLE identity.recovery_codes (
    user_id   text  NOT NULL,
    code_hash bytea NOT NULL,
    used_at   timestamptz,
    -- The code that somebody enters.
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash),
    CONSTRAINT recovery_codes_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT recovery_codes_hash_is_sha256 CHECK (octet_length(code_hash) = 32)
);

-- Logins whose password was right and whose second factor is still to be shown.
CREATE TABLE identity.login_challenges (
    token_hash  bytea       NOT NULL,
    user_id     text        NOT NULL,
    -- The user's stamp when his password was looked at: a password that was replaced since opens nothing.
    stamp       text,
    -- Who gave the password, as a digest under the token: the same client has to go on.
    client_mark bytea       NOT NULL,
    tries_left  integer     NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- The token that a client presents. Only its SHA-256 is kept.
    CONSTRAINT login_challenges_pkey PRIMARY KEY (token_hash),
    CONSTRAINT login_challenges_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT login_challenges_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);

-- The oldest, which login_challenge_open removes.
CREATE INDEX login_challenges_expires_idx ON identity.login_challenges (expires_at);

-- A user's, for the cascade.
CREATE INDEX login_challenges_user_idx ON identity.login_challenges (user_id);

-- Takes one of the attempts at a code of any kind. Null if it may be tried, else until when it is locked; the last locks, and a right code
-- unlocks again. At a login (without a session) they are the user's. In a session they are that session's (session_attempt): whoever has
-- stolen it locks it and nothing else. Who has stolen several locks, much later, showing the factor in sessions that are open; a login with
-- the factor goes on, and ends that.
CREATE FUNCTION identity.second_factor_attempt(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_now timestamptz, p_most integer,
    p_most_of_sessions integer, p_most_locks integer, p_lockout interval)
RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_attempt record;
    v_until   timestamptz;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF p_session_id IS NULL THEN
        v_attempt := identity.attempt_take('factor ' || p_user_id, p_user_id, p_now, p_most, p_lockout, interval '1 day');
    ELSE
        -- What wrong codes at logins have locked, for which somebody had the password, is locked here too.
        SELECT a.locked_until INTO v_until FROM identity.attempts a WHERE a.key = 'factor ' || p_user_id AND a.locked_until > p_now;
        IF found THEN
            RETURN v_until;
        END IF;
        v_attempt := identity.session_attempt(
            p_service_id, identity.event_id_for(p_event_id, p_session_id), 'factor', p_user_id, p_session_id, p_now, p_most,
            p_most_of_sessions, p_most_locks, p_lockout);
    END IF;
    IF v_attempt.locks_until IS NOT NULL THEN
        PERFORM identity.security_event(
            p_service_id, p_event_id, 'second_factor_locked', p_user_id, p_now, jsonb_build_object('until', v_attempt.locks_until));
    END IF;
    PERFORM identity.attempts_prune(p_now);
    RETURN v_attempt.refused_until;
END
$$;

-- Puts a secret by until a code of it is shown. Outcomes: done | session_ended (since the request was looked at) | none (the user has an
-- authenticator already).
CREATE FUNCTION identity.totp_begin(p_user_id text, p_session_id text, p_secret bytea, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    INSERT INTO identity.second_factors AS f (user_id, totp_secret, totp_begun_at)
    VALUES (p_user_id, p_secret, p_now)
    ON CONFLICT (user_id) DO UPDATE
    SET totp_secret = excluded.totp_secret, totp_begun_at = excluded.totp_begun_at, totp_last_step = 0
    WHERE f.totp_confirmed_at IS NULL;
    RETURN CASE WHEN found THEN 'done' ELSE 'none' END;
END
$$;

-- Takes a code of the authenticator, by its time step; once, and none older than the last. At a login (without a session), or in a session,
-- in which it has been shown from then on. Outcomes, of all that is shown: done | none (it is not one, or was used) | session_ended.
CREATE FUNCTION identity.totp_use(p_user_id text, p_session_id text, p_secret bytea, p_step bigint, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF p_session_id IS NOT NULL AND NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    UPDATE identity.second_factors f
    SET totp_last_step = p_step
    WHERE f.user_id = p_user_id AND f.totp_secret = p_secret AND f.totp_confirmed_at IS NOT NULL AND f.totp_last_step < p_step;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.attempts_forget('factor', p_user_id, p_session_id);
    PERFORM identity.session_factor_shown(p_session_id, p_user_id, p_now);
    RETURN 'done';
END
$$;

-- Takes a recovery code; once.
CREATE FUNCTION identity.recovery_code_use(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_hash bytea, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF p_session_id IS NOT NULL AND NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    UPDATE identity.recovery_codes c
    SET used_at = p_now
    WHERE c.user_id = p_user_id AND c.code_hash = p_hash AND c.used_at IS NULL
      AND EXISTS (SELECT FROM identity.users u WHERE u.id = p_user_id AND u.two_factor_enabled);
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.attempts_forget('factor', p_user_id, p_session_id);
    PERFORM identity.session_factor_shown(p_session_id, p_user_id, p_now);
    PERFORM identity.security_event(p_service_id, p_event_id, 'recovery_code_used', p_user_id, p_now, '{}'::jsonb);
    RETURN 'done';
END
$$;

-- Remembers a login that waits for a second factor. Removes a few that are over; then, when it waits for nothing any more (0015).
CREATE FUNCTION identity.login_challenge_open(
    p_token_hash bytea, p_user_id text, p_stamp text, p_client_mark bytea, p_tries integer, p_now timestamptz,
    p_expires_at timestamptz) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO identity.login_challenges (token_hash, user_id, stamp, client_mark, tries_left, expires_at)
    VALUES (p_token_hash, p_user_id, p_stamp, p_client_mark, p_tries, p_expires_at);
    DELETE FROM identity.login_challenges
    WHERE token_hash IN (
        SELECT c.token_hash FROM identity.login_challenges c
        WHERE c.expires_at < p_now
        ORDER BY c.expires_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
$$;

-- Takes a try of a challenge before the code is looked at. Whose it is; null where there is none, or for this client none.
CREATE FUNCTION identity.login_challenge_try(p_token_hash bytea, p_client_mark bytea, p_now timestamptz) RETURNS text
LANGUAGE sql AS $$
    UPDATE identity.login_challenges c
    SET tries_left = c.tries_left - 1
    WHERE c.token_hash = p_token_hash AND c.client_mark = p_client_mark AND c.tries_left > 0 AND c.expires_at > p_now
    RETURNING c.user_id
$$;
