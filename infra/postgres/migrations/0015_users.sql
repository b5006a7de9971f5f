-- Who may come in: users with their password hashes and lockout (ASP.NET Core Identity reads and writes them through
-- EF Core), their sessions with the refresh tokens (0016), and the keys that sign access tokens (0017).
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
    attempted_at           timestamptz,
    created_at             timestamptz NOT NULL,
    -- Who may use /v1/admin. A role is given and taken by whoever runs the installation (`./stellarpay admin`), never
    -- by the API, and an access token carries the role that its user had when it was signed.
    role                   text        NOT NULL DEFAULT 'user',
    -- The user of a token, of an event, of a session.
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_id_form CHECK (id ~ '^usr_[0-9a-z]{24}$'),
    CONSTRAINT users_reachable CHECK (normalized_email IS NOT NULL OR phone_number IS NOT NULL),
    CONSTRAINT users_confirmed_is_given CHECK (
        (normalized_email IS NOT NULL OR NOT email_confirmed) AND (phone_number IS NOT NULL OR NOT phone_number_confirmed)),
    CONSTRAINT users_phone_form CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
    CONSTRAINT users_role_known CHECK (role IN ('user', 'admin'))
);

-- Login and recipient by e-mail and by phone. A name is somebody's once he has confirmed it; until then any number of people may
-- have given it. Of two who confirm one at once, one gets it.
CREATE UNIQUE INDEX users_email_confirmed_key ON identity.users (normalized_email) WHERE email_confirmed;
CREATE UNIQUE INDEX users_phone_confirmed_key ON identity.users (phone_number) WHERE phone_number_confirmed;

-- The administrators, for `./stellarpay admin list`: a few among many users.
CREATE INDEX users_admins_idx ON identity.users (created_at) WHERE role = 'admin';

-- What concerns a user's own safety is told to him: logins, logouts, sessions that were ended, an account that was
-- locked. Each is an event of his, written in the transaction of what it tells.
CREATE FUNCTION identity.security_event(
    p_service_id text, p_event_id text, p_type text, p_user_id text, p_at timestamptz, p_data jsonb) RETURNS void
LANGUAGE sql AS $$
    SELECT events_append(p_service_id, jsonb_build_array(jsonb_build_object(
        'id', p_event_id, 'type', 'security.' || p_type, 'at', p_at, 'subject', p_user_id, 'owner', p_user_id,
        'data', jsonb_strip_nulls(p_data))))
$$;

-- Attempts at names that nobody has. They are counted and locked as those at accounts are, or the lock would tell which names
-- have one. Names of people who are not here are not kept: it is a digest under a key that the database does not have.
CREATE TABLE identity.absent_attempts (
    name_digest  bytea       NOT NULL,
    failed_count integer     NOT NULL,
    lockout_end  timestamptz,
    attempted_at timestamptz NOT NULL,
    -- The name that is tried.
    CONSTRAINT absent_attempts_pkey PRIMARY KEY (name_digest),
    CONSTRAINT absent_attempts_digest_is_sha256 CHECK (octet_length(name_digest) = 32)
);

-- The oldest, which login_attempt_take_absent removes.
CREATE INDEX absent_attempts_attempted_idx ON identity.absent_attempts (attempted_at);

-- Which attempt in a row this is. A day after the last one the count begins anew, for accounts and for names that nobody has.
CREATE FUNCTION identity.attempt_number(p_before integer, p_last timestamptz, p_now timestamptz) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT 1 + CASE WHEN p_last > p_now - interval '24 hours' THEN p_before ELSE 0 END
$$;

-- Takes one of the attempts at a password before it is looked at, so that attempts made at once are counted too. Null
-- if it may be tried, else until when the user is locked out. The last attempt locks; a success unlocks again.
CREATE FUNCTION identity.login_attempt_take(
    p_service_id text, p_event_id text, p_user_id text, p_now timestamptz, p_most integer, p_lockout interval)
RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_until timestamptz;
BEGIN
    UPDATE identity.users
    SET access_failed_count = CASE
            WHEN identity.attempt_number(access_failed_count, attempted_at, p_now) >= p_most THEN 0
            ELSE identity.attempt_number(access_failed_count, attempted_at, p_now)
        END,
        lockout_end = CASE
            WHEN identity.attempt_number(access_failed_count, attempted_at, p_now) >= p_most THEN p_now + p_lockout
            ELSE lockout_end
        END,
        attempted_at = p_now
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

-- The same for a name that nobody has. Removes a few of which the count would begin anew.
CREATE FUNCTION identity.login_attempt_take_absent(
    p_name_digest bytea, p_now timestamptz, p_most integer, p_lockout interval) RETURNS timestamptz
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.absent_attempts AS a (name_digest, failed_count, attempted_at)
    VALUES (p_name_digest, 1, p_now)
    ON CONFLICT (name_digest) DO UPDATE
    SET failed_count = CASE
            WHEN identity.attempt_number(a.failed_count, a.attempted_at, p_now) >= p_most THEN 0
            ELSE identity.attempt_number(a.failed_count, a.attempted_at, p_now)
        END,
        lockout_end = CASE
            WHEN identity.attempt_number(a.failed_count, a.attempted_at, p_now) >= p_most THEN p_now + p_lockout
            ELSE a.lockout_end
        END,
        attempted_at = p_now
    WHERE a.lockout_end IS NULL OR a.lockout_end <= p_now;
    IF NOT found THEN
        RETURN (SELECT a.lockout_end FROM identity.absent_attempts a WHERE a.name_digest = p_name_digest);
    END IF;
    -- After two days, for a lock may last one. Older ones than this attempt's own row, which is the newest.
    DELETE FROM identity.absent_attempts
    WHERE name_digest IN (
        SELECT a.name_digest FROM identity.absent_attempts a
        WHERE a.attempted_at < p_now - interval '48 hours'
        ORDER BY a.attempted_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
    RETURN NULL;
END
$$;

CREATE FUNCTION identity.login_attempt_succeed(p_user_id text) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users
    SET access_failed_count = 0, lockout_end = NULL
    WHERE id = p_user_id AND (access_failed_count <> 0 OR lockout_end IS NOT NULL)
$$;
