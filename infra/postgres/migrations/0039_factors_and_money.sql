-- Whether a user has a second factor decides what his wallet may pay. The wallet is told after the change is committed; the row that
-- says so is written with it, so that nothing that ends a process in between loses it.

-- Rises with each change of what factors a user has.
ALTER TABLE identity.users ADD COLUMN factor_version bigint NOT NULL DEFAULT 0;

-- Since when he has had one without a break: what he may pay by it rises only after a while.
ALTER TABLE identity.users ADD COLUMN factor_since timestamptz;

-- Users whose wallets are to be told of a change of their factors.
CREATE TABLE identity.factor_news (
    user_id text        NOT NULL,
    version bigint      NOT NULL,
    tries   integer     NOT NULL DEFAULT 0,
    due_at  timestamptz NOT NULL DEFAULT '-infinity',
    -- One a user: what he has now is all that counts.
    CONSTRAINT factor_news_pkey PRIMARY KEY (user_id),
    CONSTRAINT factor_news_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);

-- Those that are due, for factor_news_take.
CREATE INDEX factor_news_due_idx ON identity.factor_news (due_at);

-- Who set one up before wallets were told.
UPDATE identity.users SET factor_version = 1, factor_since = now() WHERE two_factor_enabled;
INSERT INTO identity.factor_news (user_id, version) SELECT id, factor_version FROM identity.users WHERE two_factor_enabled;

-- Passkeys (WebAuthn): keys of which the authenticator keeps the secret half. One stands for the password and for the second factor.
CREATE TABLE identity.passkeys (
    id            text        NOT NULL,
    user_id       text        NOT NULL,
    -- By which authenticators call it; each once among all users.
    credential_id bytea       NOT NULL,
    -- COSE.
    public_key    bytea       NOT NULL,
    -- How often it has signed, as it says; 0 of those that do not count.
    sign_count    bigint      NOT NULL,
    -- How its user calls it, encrypted under his own data key.
    name          bytea       NOT NULL,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    -- The one that its user removes.
    CONSTRAINT passkeys_pkey PRIMARY KEY (id),
    -- The one that is shown.
    CONSTRAINT passkeys_credential_key UNIQUE (credential_id),
    CONSTRAINT passkeys_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    -- As WebAuthn allows.
    CONSTRAINT passkeys_credential_length CHECK (octet_length(credential_id) BETWEEN 1 AND 1023)
);

-- A user's, in their order.
CREATE INDEX passkeys_user_idx ON identity.passkeys (user_id, created_at);

-- What authenticators were asked to sign, and have not yet. Only the SHA-256 is kept.
CREATE TABLE identity.passkey_challenges (
    challenge_hash bytea       NOT NULL,
    purpose        text        NOT NULL,
    -- Null for a login, which tells by itself whose it is.
    user_id        text,
    session_id     text,
    expires_at     timestamptz NOT NULL,
    -- The challenge that is answered.
    CONSTRAINT passkey_challenges_pkey PRIMARY KEY (challenge_hash),
    CONSTRAINT passkey_challenges_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT passkey_challenges_purpose_known CHECK (purpose IN ('register', 'step_up', 'login')),
    CONSTRAINT passkey_challenges_login_is_nobodys CHECK ((purpose = 'login') = (user_id IS NULL)),
    CONSTRAINT passkey_challenges_hash_is_sha256 CHECK (octet_length(challenge_hash) = 32)
);

-- The oldest, which passkey_challenge_open removes.
CREATE INDEX passkey_challenges_expires_idx ON identity.passkey_challenges (expires_at);

-- A user's, for the cascade.
CREATE INDEX passkey_challenges_user_idx ON identity.passkey_challenges (user_id) WHERE user_id IS NOT NULL;

-- Whether somebody is asked for a second factor is his row's, so that a login reads it with the password.
CREATE FUNCTION identity.second_factor_settle(p_user_id text, p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    WITH has AS (
        SELECT EXISTS (SELECT FROM identity.second_factors f WHERE f.user_id = p_user_id AND f.totp_confirmed_at IS NOT NULL)
            OR EXISTS (SELECT FROM identity.passkeys k WHERE k.user_id = p_user_id) AS one),
    settled AS (
        UPDATE identity.users u
        SET two_factor_enabled = has.one,
            factor_since = CASE WHEN has.one THEN coalesce(u.factor_since, p_now) END,
            factor_version = u.factor_version + 1, concurrency_stamp = gen_random_uuid()::text
        FROM has
        WHERE u.id = p_user_id
        RETURNING u.id, u.factor_version)
    INSERT INTO identity.factor_news AS n (user_id, version)
    SELECT s.id, s.factor_version FROM settled s
    ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, tries = 0, due_at = '-infinity'
$$;

-- A factor was taken away, or all recovery codes: a login in which it was shown a moment before opens no session any more (session_open
-- compares the stamp), and one that waits for a factor begins anew. A user who was read before must not be written back as he was.
CREATE FUNCTION identity.logins_under_way_end(p_user_id text) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users u
    SET security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text
    WHERE u.id = p_user_id
$$;

-- Takes some of the news that are due; each is due again later, unless factor_news_done says that it was told. Of processes that ask at
-- once none waits for another. The pause doubles with each try, from one second to about four minutes.
CREATE FUNCTION identity.factor_news_take(p_now timestamptz, p_limit integer)
RETURNS TABLE (user_id text, is_set boolean, version bigint, since timestamptz)
LANGUAGE sql AS $$
    WITH due AS (
        SELECT n.user_id FROM identity.factor_news n
        WHERE n.due_at <= p_now
        ORDER BY n.due_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED)
    UPDATE identity.factor_news n
    SET tries = n.tries + 1, due_at = p_now + interval '1 second' * (1 << least(n.tries, 8))
    FROM due, identity.users u
    WHERE n.user_id = due.user_id AND u.id = n.user_id
    RETURNING n.user_id, u.two_factor_enabled, u.factor_version, u.factor_since
$$;

-- A wallet has been told of this version, or a later one. What has come since is still to be told.
CREATE FUNCTION identity.factor_news_done(p_user_id text, p_version bigint) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.factor_news n WHERE n.user_id = p_user_id AND n.version <= p_version
$$;

-- When recovery codes were given: an undo of changes of contacts ends those of since.
ALTER TABLE identity.recovery_codes ADD COLUMN created_at timestamptz NOT NULL DEFAULT '-infinity';

CREATE FUNCTION identity.recovery_codes_write(p_user_id text, p_hashes bytea[], p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.recovery_codes WHERE user_id = p_user_id;
    INSERT INTO identity.recovery_codes (user_id, code_hash, created_at) SELECT p_user_id, unnest(p_hashes), p_now
$$;

-- What undoes that a factor was set up, and the messages that bring it to all confirmed contacts.
CREATE TYPE identity.undo_offer AS (
    undo_hash   bytea,
    until       timestamptz,
    message_ids text[],
    channels    text[],
    messages    bytea[],
    due_at      timestamptz,
    expires_at  timestamptz
);

-- Writes them, and says whether it did. Where there are very many already no further code is sent, or whoever sets up factors and removes
-- them all day would have the platform send as many messages: the code that was sent last undoes what comes after it too (0037), and holds
-- for as long as one of now would. What was set up is then told by a notice, which is rationed and not left out (0036). Other changes are
-- not undone for longer by it: who sets up a factor to be safe from an old mailbox has it no longer to fear. An undo ends the codes, so
-- there is a number besides that none begins anew: three times as many in as long as one holds.
CREATE FUNCTION identity.undo_offer_write(p_user_id text, p_offer identity.undo_offer, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_open bigint[];
    v_many boolean;
BEGIN
    IF cardinality(p_offer.messages) = 0 THEN
        RETURN false;
    END IF;
    SELECT array_agg(c.id ORDER BY c.id) INTO v_open FROM identity.undoable_changes c
    WHERE c.user_id = p_user_id AND c.kind = 'factor' AND c.until > p_now;
    v_many := coalesce(cardinality(v_open), 0) >= 16;
    IF NOT v_many THEN
        SELECT n.retry_at IS NOT NULL INTO v_many
        FROM identity.code_count(sha256(convert_to('undo codes ' || p_user_id, 'UTF8')), 48, interval '72 hours', p_now) AS n;
    END IF;
    IF v_many THEN
        UPDATE identity.undoable_changes c SET until = greatest(c.until, p_offer.until) WHERE c.id = v_open[cardinality(v_open)];
        RETURN false;
    END IF;
    INSERT INTO identity.undoable_changes (user_id, kind, undo_hash, created_at, until)
    VALUES (p_user_id, 'factor', p_offer.undo_hash, p_now, p_offer.until);
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    SELECT m.id, m.channel, m.sealed, p_offer.due_at, p_offer.expires_at
    FROM unnest(p_offer.message_ids, p_offer.channels, p_offer.messages) AS m (id, channel, sealed);
    -- What follows waits for nobody.
    PERFORM identity.undoable_changes_prune(p_now);
    RETURN true;
END
$$;

-- From now on the authenticator is asked for. The secret is the one that the code was compared with: of two at once one wins.
-- Outcomes, here and where factors are changed otherwise: done | session_ended (since the request was looked at) | none (there is nothing
-- to confirm, to remove or to replace).
CREATE FUNCTION identity.totp_confirm(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_secret bytea, p_step bigint, p_now timestamptz,
    p_begun_after timestamptz, p_hashes bytea[], p_undo identity.undo_offer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_code_sent boolean;
BEGIN
    -- The user first, as whoever undoes a change of contacts does.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    UPDATE identity.second_factors f
    SET totp_confirmed_at = p_now, totp_last_step = p_step
    WHERE f.user_id = p_user_id AND f.totp_secret = p_secret AND f.totp_confirmed_at IS NULL AND f.totp_begun_at > p_begun_after;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.attempts_forget('factor', p_user_id, p_session_id);
    PERFORM identity.second_factor_settle(p_user_id, p_now);
    PERFORM identity.recovery_codes_write(p_user_id, p_hashes, p_now);
    PERFORM identity.session_factor_shown(p_session_id, p_user_id, p_now);
    v_code_sent := identity.undo_offer_write(p_user_id, p_undo, p_now);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'second_factor_added', p_user_id, p_now,
        jsonb_build_object('method', 'totp', 'codeSent', v_code_sent));
    RETURN 'done';
END
$$;

-- A factor was removed, or all recovery codes: that one was shown in a user's other sessions stands for nothing any more, for it may have
-- been that one. The user's row is locked by then.
CREATE FUNCTION identity.sessions_forget_factor(p_user_id text, p_kept text) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.sessions s SET factor_at = NULL
    WHERE s.user_id = p_user_id AND s.id <> p_kept AND s.factor_at IS NOT NULL
$$;

-- Ends the authenticator, and with the last factor the recovery codes.
CREATE FUNCTION identity.totp_remove(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    UPDATE identity.second_factors f
    SET totp_secret = NULL, totp_begun_at = NULL, totp_confirmed_at = NULL
    WHERE f.user_id = p_user_id AND f.totp_confirmed_at IS NOT NULL;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.second_factor_settle(p_user_id, p_now);
    PERFORM identity.logins_under_way_end(p_user_id);
    PERFORM identity.sessions_forget_factor(p_user_id, p_session_id);
    DELETE FROM identity.recovery_codes c
    USING identity.users u
    WHERE c.user_id = p_user_id AND u.id = p_user_id AND NOT u.two_factor_enabled;
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'second_factor_removed', p_user_id, p_now, jsonb_build_object('method', 'totp'));
    RETURN 'done';
END
$$;

-- New recovery codes in place of all of before. There are none without a factor that they would stand in for.
CREATE FUNCTION identity.recovery_codes_replace(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_hashes bytea[], p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id AND u.two_factor_enabled FOR UPDATE;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    PERFORM identity.recovery_codes_write(p_user_id, p_hashes, p_now);
    PERFORM identity.logins_under_way_end(p_user_id);
    PERFORM identity.sessions_forget_factor(p_user_id, p_session_id);
    PERFORM identity.security_event(p_service_id, p_event_id, 'recovery_codes_replaced', p_user_id, p_now, '{}'::jsonb);
    RETURN 'done';
END
$$;

-- Ends what a user has set up of factors since a time: an authenticator, passkeys, recovery codes, and whatever waits for its first code.
CREATE FUNCTION identity.second_factors_drop_since(
    p_service_id text, p_event_id text, p_user_id text, p_since timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_passkeys boolean;
    v_totp     boolean;
BEGIN
    DELETE FROM identity.login_challenges c WHERE c.user_id = p_user_id;
    DELETE FROM identity.passkey_challenges c WHERE c.user_id = p_user_id;
    DELETE FROM identity.recovery_codes c WHERE c.user_id = p_user_id AND c.created_at >= p_since;
    DELETE FROM identity.passkeys k WHERE k.user_id = p_user_id AND k.created_at >= p_since;
    v_passkeys := found;
    UPDATE identity.second_factors f
    SET totp_secret = NULL, totp_begun_at = NULL
    WHERE f.user_id = p_user_id AND f.totp_confirmed_at IS NULL;
    UPDATE identity.second_factors f
    SET totp_secret = NULL, totp_begun_at = NULL, totp_confirmed_at = NULL
    WHERE f.user_id = p_user_id AND f.totp_confirmed_at >= p_since;
    v_totp := found;
    IF NOT v_passkeys AND NOT v_totp THEN
        RETURN;
    END IF;
    PERFORM identity.attempts_forget('factor', p_user_id, NULL);
    PERFORM identity.second_factor_settle(p_user_id, p_now);
    PERFORM identity.logins_under_way_end(p_user_id);
    DELETE FROM identity.recovery_codes c
    USING identity.users u
    WHERE c.user_id = p_user_id AND u.id = p_user_id AND NOT u.two_factor_enabled;
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'second_factor_removed', p_user_id, p_now,
        jsonb_build_object('method', CASE WHEN v_totp THEN 'totp' ELSE 'passkey' END));
END
$$;

-- Ends all factors of a user, and all of his sessions, for an operator who has made sure who asks.
CREATE FUNCTION identity.second_factors_remove(p_service_id text, p_event_id text, p_user_id text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    PERFORM identity.second_factors_drop_since(p_service_id, p_event_id, p_user_id, '-infinity', p_now);
    PERFORM identity.sessions_revoke_others(p_service_id, p_event_id, p_user_id, '', p_now);
END
$$;

-- Undoes all changes of a user's names that can still be undone, by any of their codes: he has again what he had before the first of
-- them. The password holds no more, all sessions end, and so do second factors that were set up since a while before the first change:
-- else a thief's own would lock the owner out. Older ones stay. By the code of a factor all factors end that can still be undone.
-- Returns whose it was; null if the code is wrong, whatever the reason.
CREATE FUNCTION identity.contact_change_undo(
    p_service_id text, p_event_id text, p_undo_hash bytea, p_password_hash text, p_now timestamptz,
    p_factors_before interval) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_user_id text;
    v_kind    text;
    v_first   identity.undoable_changes;
    v_since   timestamptz;
BEGIN
    SELECT f.user_id INTO v_user_id FROM identity.undoable_changes f WHERE f.undo_hash = p_undo_hash AND f.until > p_now;
    PERFORM 1 FROM identity.users u WHERE u.id = v_user_id FOR UPDATE;
    -- Looked at again behind the lock: of two at once the second finds none.
    SELECT f.kind INTO v_kind FROM identity.undoable_changes f WHERE f.undo_hash = p_undo_hash AND f.until > p_now;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    SELECT min(CASE f.kind WHEN 'factor' THEN f.created_at ELSE f.created_at - p_factors_before END) INTO v_since
    FROM identity.undoable_changes f
    WHERE f.user_id = v_user_id AND f.until > p_now AND (f.kind <> 'factor' OR v_kind = 'factor');
    FOR v_first IN
        SELECT DISTINCT ON (f.kind) f.* FROM identity.undoable_changes f
        WHERE f.user_id = v_user_id AND f.until > p_now AND f.kind <> 'factor'
        ORDER BY f.kind, f.id
    LOOP
        UPDATE identity.users u
        SET email = CASE v_first.kind WHEN 'email' THEN v_first.name ELSE u.email END,
            email_index = CASE v_first.kind WHEN 'email' THEN v_first.key ELSE u.email_index END,
            email_confirmed = CASE v_first.kind WHEN 'email' THEN v_first.key IS NOT NULL ELSE u.email_confirmed END,
            phone_number = CASE v_first.kind WHEN 'phone' THEN v_first.name ELSE u.phone_number END,
            phone_index = CASE v_first.kind WHEN 'phone' THEN v_first.key ELSE u.phone_index END,
            phone_number_confirmed = CASE v_first.kind WHEN 'phone' THEN v_first.key IS NOT NULL ELSE u.phone_number_confirmed END
        WHERE u.id = v_user_id;
    END LOOP;
    UPDATE identity.users u
    SET password_hash = p_password_hash, security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text
    WHERE u.id = v_user_id;
    PERFORM identity.attempts_forget('password', v_user_id, NULL);
    -- The codes of factors that stay go on: one of them may be a thief's.
    DELETE FROM identity.undoable_changes f WHERE f.user_id = v_user_id AND (f.kind <> 'factor' OR f.created_at >= v_since);
    DELETE FROM identity.one_time_codes c WHERE c.user_id = v_user_id;
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'contact_change_undone', v_user_id, p_now, '{}'::jsonb);
    PERFORM identity.second_factors_drop_since(
        p_service_id, identity.event_id_for(p_event_id, 'factors'), v_user_id, v_since, p_now);
    PERFORM identity.sessions_revoke_others(p_service_id, p_event_id, v_user_id, '', p_now);
    RETURN v_user_id;
END
$$;

-- What the user of a session may be now: his role, whether a contact of his is confirmed, which second factors he has, and when he last
-- showed one in this session. No row if the session is no more. Looked up before anything is changed. A table, because what FROM calls
-- is planned with the statement, once; a function of one value is planned again in each call (0.4 ms).
CREATE FUNCTION identity.session_user(p_session_id text, p_user_id text)
RETURNS TABLE (role text, confirmed boolean, has_factor boolean, factor_at timestamptz, has_totp boolean, has_passkey boolean)
LANGUAGE sql STABLE AS $$
    SELECT u.role, u.email_confirmed OR u.phone_number_confirmed, u.two_factor_enabled, s.factor_at,
        CASE WHEN u.two_factor_enabled THEN EXISTS (
            SELECT FROM identity.second_factors f WHERE f.user_id = u.id AND f.totp_confirmed_at IS NOT NULL) ELSE false END,
        CASE WHEN u.two_factor_enabled THEN EXISTS (SELECT FROM identity.passkeys k WHERE k.user_id = u.id) ELSE false END
    FROM identity.sessions s JOIN identity.users u ON u.id = s.user_id
    WHERE s.id = p_session_id AND s.user_id = p_user_id AND s.revoked_at IS NULL
$$;

-- Remembers a challenge. Removes a few that are over; then, when it waits for nothing any more (0015).
CREATE FUNCTION identity.passkey_challenge_open(
    p_hash bytea, p_purpose text, p_user_id text, p_session_id text, p_now timestamptz, p_expires_at timestamptz) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO identity.passkey_challenges (challenge_hash, purpose, user_id, session_id, expires_at)
    VALUES (p_hash, p_purpose, p_user_id, p_session_id, p_expires_at);
    DELETE FROM identity.passkey_challenges
    WHERE challenge_hash IN (
        SELECT c.challenge_hash FROM identity.passkey_challenges c
        WHERE c.expires_at < p_now
        ORDER BY c.expires_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
$$;

-- Ends a challenge, once, for whom and for what it was given. False where there is none such.
CREATE FUNCTION identity.passkey_challenge_take(
    p_hash bytea, p_purpose text, p_user_id text, p_session_id text, p_now timestamptz) RETURNS boolean
LANGUAGE sql AS $$
    WITH taken AS (
        DELETE FROM identity.passkey_challenges c
        WHERE c.challenge_hash = p_hash AND c.purpose = p_purpose AND c.user_id IS NOT DISTINCT FROM p_user_id
          AND c.session_id IS NOT DISTINCT FROM p_session_id AND c.expires_at > p_now
        RETURNING 1)
    SELECT EXISTS (SELECT FROM taken)
$$;

-- Stores a passkey; in this session it has been shown. The recovery codes are stored with a user's first factor only.
-- Outcomes: added | added_first | too_many | taken (somebody has this credential) | session_ended.
CREATE FUNCTION identity.passkey_add(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_id text, p_credential_id bytea, p_public_key bytea,
    p_sign_count bigint, p_name bytea, p_now timestamptz, p_most integer, p_hashes bytea[],
    p_undo identity.undo_offer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_had_factor boolean;
    v_code_sent  boolean;
BEGIN
    SELECT u.two_factor_enabled INTO v_had_factor FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    IF (SELECT count(*) FROM identity.passkeys k WHERE k.user_id = p_user_id) >= p_most THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO identity.passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
    VALUES (p_id, p_user_id, p_credential_id, p_public_key, p_sign_count, p_name, p_now)
    ON CONFLICT DO NOTHING;
    IF NOT found THEN
        RETURN 'taken';
    END IF;
    PERFORM identity.second_factor_settle(p_user_id, p_now);
    IF NOT v_had_factor THEN
        PERFORM identity.recovery_codes_write(p_user_id, p_hashes, p_now);
    END IF;
    PERFORM identity.session_factor_shown(p_session_id, p_user_id, p_now);
    v_code_sent := identity.undo_offer_write(p_user_id, p_undo, p_now);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'second_factor_added', p_user_id, p_now,
        jsonb_build_object('method', 'passkey', 'codeSent', v_code_sent));
    RETURN CASE WHEN v_had_factor THEN 'added' ELSE 'added_first' END;
END
$$;

-- A passkey has signed, the count having been p_before. Of several with one count one is taken, and none with an older one; those that
-- do not count say 0 each time. At a login (without a session), or in a session, as totp_use.
CREATE FUNCTION identity.passkey_use(
    p_user_id text, p_session_id text, p_credential_id bytea, p_before bigint, p_count bigint, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    -- A login takes this row alone: session_open compares the stamp of before.
    IF p_session_id IS NOT NULL THEN
        PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
        IF NOT identity.session_hold(p_session_id, p_user_id) THEN
            RETURN 'session_ended';
        END IF;
    END IF;
    UPDATE identity.passkeys k
    SET sign_count = p_count, last_used_at = p_now
    WHERE k.credential_id = p_credential_id AND k.user_id = p_user_id AND k.sign_count = p_before
      AND (p_count > p_before OR (p_count = 0 AND p_before = 0));
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.session_factor_shown(p_session_id, p_user_id, p_now);
    RETURN 'done';
END
$$;

-- Ends a passkey, and with the last factor the recovery codes.
CREATE FUNCTION identity.passkey_remove(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    DELETE FROM identity.passkeys k WHERE k.id = p_id AND k.user_id = p_user_id;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.second_factor_settle(p_user_id, p_now);
    PERFORM identity.logins_under_way_end(p_user_id);
    PERFORM identity.sessions_forget_factor(p_user_id, p_session_id);
    DELETE FROM identity.recovery_codes c
    USING identity.users u
    WHERE c.user_id = p_user_id AND u.id = p_user_id AND NOT u.two_factor_enabled;
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'second_factor_removed', p_user_id, p_now, jsonb_build_object('method', 'passkey'));
    RETURN 'done';
END
$$;
