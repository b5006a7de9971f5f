-- Who may come in: users with their password hashes and lockout (ASP.NET Core Identity reads and writes them through
-- EF Core), their sessions with the refresh tokens, and the keys that sign access tokens.
CREATE SCHEMA identity;

CREATE TABLE identity.users (
    id                     text        NOT NULL,
    email                  text,
    normalized_email       text,
    email_confirmed        boolean     NOT NULL DEFAULT false,
    phone_number           text,
    phone_number_confirmed boolean     NOT NULL DEFAULT false,
    password_hash          text        NOT NULL,
    security_stamp         text,
    concurrency_stamp      text,
    two_factor_enabled     boolean     NOT NULL DEFAULT false,
    lockout_enabled        boolean     NOT NULL DEFAULT true,
    lockout_end            timestamptz,
    access_failed_count    integer     NOT NULL DEFAULT 0,
    created_at             timestamptz NOT NULL,
    -- The user of a token, of an event, of a session.
    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- Login and recipient by e-mail; of two sign-ups at once, one wins.
    CONSTRAINT users_normalized_email_key UNIQUE (normalized_email),
    -- Login and recipient by phone; of two sign-ups at once, one wins.
    CONSTRAINT users_phone_number_key UNIQUE (phone_number),
    CONSTRAINT users_id_form CHECK (id ~ '^usr_[0-9a-z]{24}$'),
    CONSTRAINT users_reachable CHECK (normalized_email IS NOT NULL OR phone_number IS NOT NULL),
    CONSTRAINT users_phone_form CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$')
);

-- Takes one of the attempts at a password before it is looked at, so that attempts made at once are counted too. Null
-- if it may be tried, else until when the user is locked out. The last attempt locks; a success unlocks again.
CREATE FUNCTION identity.login_attempt_take(p_user_id text, p_now timestamptz, p_most integer, p_lockout interval)
RETURNS timestamptz
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE identity.users
    SET access_failed_count = CASE WHEN access_failed_count + 1 >= p_most THEN 0 ELSE access_failed_count + 1 END,
        lockout_end = CASE WHEN access_failed_count + 1 >= p_most THEN p_now + p_lockout ELSE lockout_end END
    WHERE id = p_user_id AND (NOT lockout_enabled OR lockout_end IS NULL OR lockout_end <= p_now);
    IF found THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT lockout_end FROM identity.users WHERE id = p_user_id);
END
$$;

CREATE FUNCTION identity.login_attempt_succeed(p_user_id text) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users
    SET access_failed_count = 0, lockout_end = NULL
    WHERE id = p_user_id AND (access_failed_count <> 0 OR lockout_end IS NOT NULL)
$$;

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
    p_session_id text, p_user_id text, p_token_hash bytea, p_now timestamptz, p_expires_at timestamptz, p_most integer)
RETURNS void
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
END
$$;

-- Exchanges a refresh token for the next of its family. Of two exchanges of one token at once, the row's lock lets
-- one through; the other finds it used. A token that comes twice was stolen from someone, so its family ends.
-- Outcomes: rotated | unknown | expired | reused | revoked.
CREATE FUNCTION identity.refresh_token_rotate(
    p_token_hash bytea, p_next_hash bytea, p_now timestamptz, p_expires_at timestamptz)
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
        PERFORM identity.session_revoke(v_token.session_id, p_now, 'reuse');
        RETURN QUERY SELECT 'reused', v_session.id, v_session.user_id;
    ELSIF v_session.revoked_at IS NOT NULL THEN
        RETURN QUERY SELECT 'revoked', v_session.id, v_session.user_id;
    ELSE
        RETURN QUERY SELECT 'expired', v_session.id, v_session.user_id;
    END IF;
END
$$;

-- Ends a session. The first reason stays.
CREATE FUNCTION identity.session_revoke(p_session_id text, p_now timestamptz, p_reason text) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.sessions
    SET revoked_at = p_now, revoked_reason = p_reason
    WHERE id = p_session_id AND revoked_at IS NULL
$$;

-- The keys that sign access tokens. The private key is encrypted (docs/decisions); its public half is in there too, so
-- that whoever can write to this table but lacks the secret cannot slip a key in.
CREATE TABLE identity.signing_keys (
    id            text        NOT NULL,
    private_key   bytea       NOT NULL,
    created_at    timestamptz NOT NULL,
    signs_from    timestamptz NOT NULL,
    signs_until   timestamptz NOT NULL,
    accepts_until timestamptz NOT NULL,
    -- The whole table is read; it holds a few rows.
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id),
    CONSTRAINT signing_keys_times CHECK (signs_from < signs_until AND signs_until < accepts_until)
);

-- Adds a key unless another front door has added one for that time already; true if it was added.
CREATE FUNCTION identity.signing_key_add(
    p_id text, p_private_key bytea, p_now timestamptz, p_signs_from timestamptz, p_signs_until timestamptz,
    p_accepts_until timestamptz, p_known text[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('identity.signing_keys', 0));
    IF EXISTS (SELECT 1 FROM identity.signing_keys k WHERE k.id <> ALL (p_known)) THEN
        RETURN false;
    END IF;
    DELETE FROM identity.signing_keys k WHERE k.accepts_until <= p_now;
    INSERT INTO identity.signing_keys (id, private_key, created_at, signs_from, signs_until, accepts_until)
    VALUES (p_id, p_private_key, p_now, p_signs_from, p_signs_until, p_accepts_until);
    RETURN true;
END
$$;
