-- Who may come in: users with their password hashes (ASP.NET Core Identity reads and writes them through
-- EF Core), their sessions with the refresh tokens (0016), and the keys that sign access tokens (0017).
--
-- In one order everywhere, or two who change one user wait for each other in a circle: first his row, then his sessions, their tokens,
-- his one-time codes with their counts, his factors, and his attempts. Who only adds a row of his takes FOR KEY SHARE, as the foreign key
-- does later anyway; who takes from others what is over does that last of all, when he waits for nothing any more.
CREATE SCHEMA identity;

CREATE TABLE identity.users (
    id                     text        NOT NULL,
    -- His names as he gave them, each encrypted under his own data key (0033), to be read; and an index of each, to be found: an HMAC of
    -- the name as names are compared, under a key that the database has only encrypted (identity.contact_index).
    email                  bytea,
    email_index            bytea,
    email_confirmed        boolean     NOT NULL DEFAULT false,
    phone_number           bytea,
    phone_index            bytea,
    phone_number_confirmed boolean     NOT NULL DEFAULT false,
    password_hash          text        NOT NULL,
    security_stamp         text,
    concurrency_stamp      text,
    two_factor_enabled     boolean     NOT NULL DEFAULT false,
    created_at             timestamptz NOT NULL,
    -- Who may use /v1/admin. A role is given and taken by whoever runs the installation (`./stellarpay admin`), never
    -- by the API, and an access token carries the role that its user had when it was signed.
    role                   text        NOT NULL DEFAULT 'user',
    -- When he last set his password by a code: what was counted of logins before that keeps him out no more (session_open).
    rationed_since         timestamptz NOT NULL DEFAULT '-infinity',
    -- The user of a token, of an event, of a session.
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_id_form CHECK (id ~ '^usr_[0-9a-z]{24}$'),
    CONSTRAINT users_reachable CHECK (email_index IS NOT NULL OR phone_index IS NOT NULL),
    CONSTRAINT users_confirmed_is_given CHECK (
        (email_index IS NOT NULL OR NOT email_confirmed) AND (phone_index IS NOT NULL OR NOT phone_number_confirmed)),
    CONSTRAINT users_found_is_read CHECK ((email IS NULL) = (email_index IS NULL) AND (phone_number IS NULL) = (phone_index IS NULL)),
    CONSTRAINT users_indexes_are_sha256 CHECK (octet_length(email_index) = 32 AND octet_length(phone_index) = 32),
    CONSTRAINT users_role_known CHECK (role IN ('user', 'admin'))
);

-- Login and recipient by e-mail and by phone. A name is somebody's once he has confirmed it; until then any number of people may
-- have given it. Of two who confirm one at once, one gets it.
CREATE UNIQUE INDEX users_email_confirmed_key ON identity.users (email_index) WHERE email_confirmed;
CREATE UNIQUE INDEX users_phone_confirmed_key ON identity.users (phone_index) WHERE phone_number_confirmed;

-- The key of these indexes, the same for all kinds of names and all tables. It is encrypted as a field of a subject of its own (0033), so
-- that it stays when the keys that wrap data keys are exchanged: nothing is ever indexed anew.
CREATE TABLE identity.contact_index (
    one boolean NOT NULL DEFAULT true,
    key bytea   NOT NULL,
    -- The only one.
    CONSTRAINT contact_index_pkey PRIMARY KEY (one),
    CONSTRAINT contact_index_is_one CHECK (one)
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

-- The id of one more event, where a change writes one for each of what it ends and its caller cannot know how many those are: as old as the
-- id that he gave (the first ten characters are the time), and another for each thing. It looks as ids that are made by chance.
CREATE FUNCTION identity.event_id_for(p_event_id text, p_of text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT left(p_event_id, 14) || left(encode(sha256(convert_to(p_event_id || ' ' || p_of, 'UTF8')), 'hex'), 14)
$$;

-- Attempts at what may be guessed: at passwords at a login, by name and network, whether anybody has the name or not, or the lock would
-- tell; at a user's password in his sessions, and at his second factor. Neither names nor networks are kept: it is digests of both, under a
-- key that the database does not have.
CREATE TABLE identity.attempts (
    -- What is tried, and where what is tried elsewhere counts apart.
    key          text        NOT NULL,
    user_id      text,
    -- In a row, counted before what is tried is looked at.
    failed_count integer     NOT NULL,
    -- Locks in a row, since the last success.
    lock_count   integer     NOT NULL DEFAULT 0,
    attempted_at timestamptz NOT NULL,
    locked_until timestamptz,
    CONSTRAINT attempts_pkey PRIMARY KEY (key),
    CONSTRAINT attempts_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);

-- The oldest, which attempt_take removes: all, and those that no lock is to be remembered of.
CREATE INDEX attempts_attempted_idx ON identity.attempts (attempted_at);
CREATE INDEX attempts_light_idx ON identity.attempts (attempted_at) WHERE lock_count = 0 OR user_id IS NULL;

-- A user's, for the cascade.
CREATE INDEX attempts_user_idx ON identity.attempts (user_id) WHERE user_id IS NOT NULL;

-- Which attempt in a row this is. A day after the last one the count begins anew.
CREATE FUNCTION identity.attempt_number(p_before integer, p_last timestamptz, p_now timestamptz) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT 1 + CASE WHEN p_last > p_now - interval '24 hours' THEN p_before ELSE 0 END
$$;

-- Takes one of the attempts before what is tried is looked at, so that attempts made at once are counted too, at all front doors. Where
-- none is left, until when; where this is the last, until when it locks, and how many locks in a row that makes. It may still be right,
-- and unlock again. Each lock is twice as long as the one before, up to p_longest. Whoever takes one calls attempts_prune afterwards.
CREATE FUNCTION identity.attempt_take(
    p_key text, p_user_id text, p_now timestamptz, p_most integer, p_lockout interval, p_longest interval,
    OUT refused_until timestamptz, OUT locks_until timestamptz, OUT locks integer)
LANGUAGE plpgsql AS $$
BEGIN
    -- Of a user who is removed at this moment nothing is counted any more.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR KEY SHARE;
    IF NOT found AND p_user_id IS NOT NULL THEN
        RETURN;
    END IF;
    INSERT INTO identity.attempts AS a (key, user_id, failed_count, attempted_at)
    VALUES (p_key, p_user_id, 1, p_now)
    ON CONFLICT (key) DO UPDATE
    SET failed_count = CASE
            WHEN identity.attempt_number(a.failed_count, a.attempted_at, p_now) >= p_most THEN 0
            ELSE identity.attempt_number(a.failed_count, a.attempted_at, p_now)
        END,
        locked_until = CASE
            WHEN identity.attempt_number(a.failed_count, a.attempted_at, p_now) >= p_most
                THEN p_now + least(p_lockout * power(2, least(a.lock_count, 20)), p_longest)
            ELSE a.locked_until
        END,
        lock_count = a.lock_count + CASE
            WHEN identity.attempt_number(a.failed_count, a.attempted_at, p_now) >= p_most THEN 1 ELSE 0
        END,
        attempted_at = p_now
    WHERE a.locked_until IS NULL OR a.locked_until <= p_now
    RETURNING CASE WHEN a.locked_until > p_now THEN a.locked_until END, a.lock_count INTO locks_until, locks;
    IF NOT found THEN
        refused_until := (SELECT a.locked_until FROM identity.attempts a WHERE a.key = p_key);
    END IF;
END
$$;

-- Removes a few that are over: after two days, for a lock may last one; locks in a row are remembered for a month. More than an attempt
-- adds, so that whoever tries many names fills nothing. By two looks, of which none walks over what the other removes. The rows are other
-- people's: last in a transaction, for whoever had them and then waited for one of his own would wait in a circle.
CREATE FUNCTION identity.attempts_prune(p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.attempts
    WHERE key IN (
        SELECT a.key FROM identity.attempts a
        WHERE a.attempted_at < p_now - interval '48 hours' AND (a.lock_count = 0 OR a.user_id IS NULL)
        ORDER BY a.attempted_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
    DELETE FROM identity.attempts
    WHERE key IN (
        SELECT a.key FROM identity.attempts a
        WHERE a.attempted_at < p_now - interval '30 days'
        ORDER BY a.attempted_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
$$;

-- Counts one at a key that many share, in windows that begin at fixed moments: when one is over tells nothing of who came in it. Until when
-- it is refused, or null.
CREATE FUNCTION identity.attempt_count(p_key text, p_now timestamptz, p_most integer, p_window interval) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_window timestamptz := date_bin(p_window, p_now, 'epoch');
BEGIN
    INSERT INTO identity.attempts AS a (key, failed_count, attempted_at)
    VALUES (p_key, 1, v_window)
    ON CONFLICT (key) DO UPDATE
    SET failed_count = CASE WHEN a.attempted_at < v_window THEN 1 ELSE a.failed_count + 1 END,
        attempted_at = greatest(a.attempted_at, v_window)
    WHERE a.attempted_at < v_window OR a.failed_count < p_most;
    RETURN CASE WHEN NOT found THEN v_window + p_window END;
END
$$;

-- Whether a login comes from where its user has logged in (0036), or set his password by a code within a day. Nobody is there who has not
-- shown the password or the code from that network.
CREATE FUNCTION identity.login_device_known(p_user_id text, p_device bytea, p_now timestamptz, p_known interval) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM identity.devices d WHERE d.user_id = p_user_id AND d.digest = p_device AND d.seen_at > p_now - p_known)
        OR EXISTS (
            SELECT FROM identity.attempts a
            WHERE a.key = 'reset at ' || encode(p_device, 'hex') AND a.user_id = p_user_id AND a.attempted_at > p_now - interval '1 day');
END
$$;

-- The user who has a name, and the devices that are known of him; of a name that nobody has the same look-ups, of nobody, which find nothing.
CREATE FUNCTION identity.login_devices(p_name bytea, p_now timestamptz, p_known interval, OUT user_id text, OUT digests bytea[])
LANGUAGE plpgsql STABLE AS $$
BEGIN
    user_id := coalesce((
        SELECT u.id FROM identity.users u
        WHERE (u.email_index = p_name AND u.email_confirmed) OR (u.phone_index = p_name AND u.phone_number_confirmed)), '');
    digests := ARRAY(
            SELECT d.digest FROM identity.devices d
            WHERE d.user_id = login_devices.user_id AND d.seen_at > p_now - p_known
            ORDER BY d.seen_at DESC
            LIMIT 100)
        || ARRAY(
            SELECT decode(substr(a.key, length('reset at ') + 1), 'hex') FROM identity.attempts a
            WHERE a.user_id = login_devices.user_id AND a.key LIKE 'reset at %' AND a.attempted_at > p_now - interval '1 day'
            ORDER BY a.attempted_at DESC
            LIMIT 100);
END
$$;

-- Takes an attempt at a password at a login, of a name that somebody has (p_user_id) or nobody: all is the same for both, or the lock would
-- tell. Counted is by name and network, and by name and wider ranges, the widest last; p_keys are digests of them. So strangers lock the
-- networks that they come from, and nobody else's. A device that is known has a count of its own, and no other refuses it; what it tries counts
-- in all others too, so that their sums are true. Null if it may be tried, else until when not.
CREATE FUNCTION identity.login_attempt_take(
    p_service_id text, p_event_id text, p_user_id text, p_device bytea, p_keys text[], p_most integer[], p_now timestamptz,
    p_lockout interval, p_known interval) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    v_known   boolean := identity.login_device_known(p_user_id, p_device, p_now, p_known);
    v_attempt record;
    v_until   timestamptz;
BEGIN
    -- What is full is seen before anything is counted: else it would use up what the network has.
    IF NOT v_known THEN
        SELECT max(date_bin(p_lockout, p_now, 'epoch') + p_lockout) INTO v_until
        FROM unnest(p_keys, p_most) WITH ORDINALITY AS wide (key, most, place)
        JOIN identity.attempts a ON a.key = wide.key
        WHERE wide.place > 1 AND a.attempted_at >= date_bin(p_lockout, p_now, 'epoch') AND a.failed_count >= wide.most;
        IF v_until IS NOT NULL THEN
            RETURN v_until;
        END IF;
    END IF;
    v_attempt := identity.attempt_take(
        CASE WHEN v_known THEN 'login from ' || encode(p_device, 'hex') ELSE p_keys[1] END,
        NULL, p_now, p_most[1], p_lockout, p_lockout);
    v_until := v_attempt.refused_until;
    IF v_until IS NULL AND v_known THEN
        PERFORM identity.attempt_take(p_keys[1], NULL, p_now, p_most[1], p_lockout, p_lockout);
        FOR i IN 2 .. cardinality(p_keys) LOOP
            -- Beyond what is full, too: a right one takes back one, which would else be one that others have tried.
            PERFORM identity.attempt_count(p_keys[i], p_now, 2147483647, p_lockout);
        END LOOP;
    ELSIF v_until IS NULL THEN
        FOR i IN 2 .. cardinality(p_keys) LOOP
            v_until := greatest(v_until, identity.attempt_count(p_keys[i], p_now, p_most[i], p_lockout));
        END LOOP;
    END IF;
    IF v_attempt.locks_until IS NOT NULL AND EXISTS (SELECT FROM identity.users u WHERE u.id = p_user_id) THEN
        PERFORM identity.security_event(
            p_service_id, p_event_id, 'locked_out', p_user_id, p_now, jsonb_build_object('until', v_attempt.locks_until));
    END IF;
    PERFORM identity.attempts_prune(p_now);
    RETURN v_until;
END
$$;

-- The password was right at a login: the network and the device that showed it begin anew, and what many share is as if this one had not
-- been. Nobody elsewhere sees that somebody has logged in.
CREATE FUNCTION identity.login_attempt_right(
    p_user_id text, p_device bytea, p_keys text[], p_now timestamptz, p_lockout interval) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    -- In the order in which they are taken.
    DELETE FROM identity.attempts a WHERE a.key = 'login from ' || encode(p_device, 'hex');
    DELETE FROM identity.attempts a WHERE a.key = p_keys[1];
    FOR i IN 2 .. cardinality(p_keys) LOOP
        UPDATE identity.attempts a SET failed_count = a.failed_count - 1
        WHERE a.key = p_keys[i] AND a.failed_count > 0 AND a.attempted_at >= date_bin(p_lockout, p_now, 'epoch');
    END LOOP;
END
$$;

-- A password was set by a code: whoever did it logs in from there, whatever strangers have locked.
CREATE FUNCTION identity.login_reset_at(p_user_id text, p_device bytea, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN;
    END IF;
    DELETE FROM identity.attempts a WHERE a.key = 'login from ' || encode(p_device, 'hex');
    INSERT INTO identity.attempts AS a (key, user_id, failed_count, attempted_at)
    VALUES ('reset at ' || encode(p_device, 'hex'), p_user_id, 0, p_now)
    ON CONFLICT (key) DO UPDATE SET attempted_at = greatest(a.attempted_at, p_now);
END
$$;

-- The password or the code was right (p_what: password | factor): in a session, or (without one) a code at a login or whatever sets the
-- password anew. What wrong ones in another session have locked stays with that. Two of a user's attempts in another order than that in which they are taken: hence the
-- user's row first, as there.
CREATE FUNCTION identity.attempts_forget(p_what text, p_user_id text, p_session_id text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    DELETE FROM identity.attempts a
    WHERE a.key IN (p_what || ' ' || p_user_id, p_what || ' in sessions ' || p_user_id, p_what || ' ' || p_session_id);
END
$$;
