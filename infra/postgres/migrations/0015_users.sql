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
    created_at             timestamptz NOT NULL,
    -- Who may use /v1/admin. A role is given and taken by whoever runs the installation (`./stellarpay admin`), never
    -- by the API, and an access token carries the role that its user had when it was signed.
    role                   text        NOT NULL DEFAULT 'user',
    -- The user of a token, of an event, of a session.
    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- Login and recipient by e-mail; of two sign-ups at once, one wins.
    CONSTRAINT users_normalized_email_key UNIQUE (normalized_email),
    -- Login and recipient by phone; of two sign-ups at once, one wins.
    CONSTRAINT users_phone_number_key UNIQUE (phone_number),
    CONSTRAINT users_id_form CHECK (id ~ '^usr_[0-9a-z]{24}$'),
    CONSTRAINT users_reachable CHECK (normalized_email IS NOT NULL OR phone_number IS NOT NULL),
    CONSTRAINT users_phone_form CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
    CONSTRAINT users_role_known CHECK (role IN ('user', 'admin'))
);

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

CREATE FUNCTION identity.login_attempt_succeed(p_user_id text) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users
    SET access_failed_count = 0, lockout_end = NULL
    WHERE id = p_user_id AND (access_failed_count <> 0 OR lockout_end IS NOT NULL)
$$;
