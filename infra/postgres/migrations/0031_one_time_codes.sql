-- One-time codes: by them people prove that an e-mail address or a phone number is theirs, that another is to be it, and that they may set
-- a password anew. Of a code only a digest is kept, under a key that the database does not have: there are few short ones, and a bare
-- hash of each is made in a second. Names of people who are not here are kept as such digests too.
CREATE TABLE identity.one_time_codes (
    -- By what it is found: a digest of a user and what of his it proves, of the id of a request for a password, or name_digest itself for
    -- the code at length that is the last of a while (code_offer_write).
    handle      bytea       NOT NULL,
    purpose     text        NOT NULL,
    -- Of purpose and name.
    name_digest bytea       NOT NULL,
    -- Whose it is. Null for a password where nobody has confirmed the name (no such code was ever sent), and for a code at length that is
    -- good for each user who has given the name.
    user_id     text,
    kind        text        NOT NULL,
    -- What it proves: the name that is to be its user's, encrypted under his data key, and its index (0015). Null for a password; of a
    -- name that is to be confirmed the user's row has the name.
    name        bytea,
    key         bytea,
    code_hash   bytea       NOT NULL,
    -- Null for a code that is too long to be guessed.
    tries_left  integer,
    -- Until when the code holds.
    code_until  timestamptz NOT NULL,
    -- Until when the row is kept: that its user has asked is what lets him use a code at length that was sent to the name, and one may be
    -- sent, and hold, for long after his own code is over.
    expires_at  timestamptz NOT NULL,
    -- The code that somebody enters.
    CONSTRAINT one_time_codes_pkey PRIMARY KEY (handle),
    CONSTRAINT one_time_codes_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT one_time_codes_purpose_known CHECK (purpose IN ('confirm', 'change', 'password')),
    CONSTRAINT one_time_codes_kind_known CHECK (kind IN ('email', 'phone')),
    CONSTRAINT one_time_codes_digests_are_sha256 CHECK (
        octet_length(handle) = 32 AND octet_length(name_digest) = 32 AND octet_length(code_hash) = 32 AND octet_length(key) = 32)
);

-- The oldest, which code_prune removes.
CREATE INDEX one_time_codes_expires_idx ON identity.one_time_codes (expires_at);

-- A user's, for the cascade, and for whoever ends them.
CREATE INDEX one_time_codes_user_idx ON identity.one_time_codes (user_id) WHERE user_id IS NOT NULL;

-- How many codes were asked for in the present window, for an account and to a name. Keys are digests, so that names of people who are
-- not here are not kept.
CREATE TABLE identity.one_time_code_counts (
    key_digest bytea       NOT NULL,
    counted    integer     NOT NULL,
    ends_at    timestamptz NOT NULL,
    -- What is counted.
    CONSTRAINT one_time_code_counts_pkey PRIMARY KEY (key_digest),
    CONSTRAINT one_time_code_counts_digest_is_sha256 CHECK (octet_length(key_digest) = 32)
);

-- The oldest, which code_prune removes.
CREATE INDEX one_time_code_counts_ends_idx ON identity.one_time_code_counts (ends_at);

-- A code that is to be written: a short one, and one at length, of which one is sent.
CREATE TYPE identity.code_offer AS (
    handle             bytea,
    name_digest        bytea,
    -- Of the short code and of the one at length, and the messages that bring them.
    hashes             bytea[],
    tries              integer,
    expires_at         timestamptz,
    -- By what it is counted that the name is written to: keys, how many there may be, and in what time.
    count_keys         bytea[],
    most               integer[],
    windows            interval[],
    message_id         text,
    channel            text,
    messages           bytea[],
    due_at             timestamptz,
    message_expires_at timestamptz,
    -- What was taken for it of the day's budget, to be given back where nothing is sent (0040).
    budget_day         date,
    budget_keys        bytea[]
);

-- Counts one more. Where there were too many, from when on it may again; where this is the last for a while, until when. Whoever counts
-- calls code_prune afterwards.
CREATE FUNCTION identity.code_count(
    p_key_digest bytea, p_most integer, p_window interval, p_now timestamptz, OUT retry_at timestamptz, OUT last_until timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.one_time_code_counts AS c (key_digest, counted, ends_at)
    VALUES (p_key_digest, 1, p_now + p_window)
    ON CONFLICT (key_digest) DO UPDATE
    SET counted = CASE WHEN c.ends_at <= p_now THEN 1 ELSE c.counted + 1 END,
        ends_at = CASE WHEN c.ends_at <= p_now THEN p_now + p_window ELSE c.ends_at END
    WHERE c.counted < p_most OR c.ends_at <= p_now
    RETURNING CASE WHEN c.counted >= p_most THEN c.ends_at END INTO last_until;
    IF NOT found THEN
        SELECT c.ends_at INTO retry_at FROM identity.one_time_code_counts c WHERE c.key_digest = p_key_digest;
    END IF;
END
$$;

-- Removes a few counts whose windows are over, and a few codes. They are other people's: last in a transaction (0015). More than is added.
CREATE FUNCTION identity.code_prune(p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.one_time_code_counts
    WHERE key_digest IN (
        SELECT c.key_digest FROM identity.one_time_code_counts c
        WHERE c.ends_at < p_now
        ORDER BY c.ends_at
        LIMIT 20
        FOR UPDATE SKIP LOCKED);
    DELETE FROM identity.one_time_codes
    WHERE handle IN (
        SELECT c.handle FROM identity.one_time_codes c
        WHERE c.expires_at < p_now
        ORDER BY c.expires_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
$$;

-- Writes a code and the message that brings it: p_instead, where there is one. Where too many were sent to the name, from when on another
-- may be asked for; else until when it holds.
--
-- The last that may be sent for a while is a code at length. It is kept under the name alone, holds until the next may be asked for, and
-- needs no count of tries. So whoever is refused because strangers asked in his name has a code in his mailbox that is good. What he asks
-- for is written in that case too, so that the code at length answers it; but nothing that is under way is ended by a refusal. That he has
-- asked is kept for as long as any such code may hold that is sent from now on, though his short one is long over.
CREATE FUNCTION identity.code_offer_write(
    p_purpose text, p_kind text, p_name bytea, p_key bytea, p_user_id text, p_offer identity.code_offer, p_instead bytea,
    p_now timestamptz, OUT retry_at timestamptz, OUT expires_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    v_last_until timestamptz;
    v_counted    record;
    -- One for a password is asked for under an id of its own: there is nothing to be kept of it.
    v_kept_until timestamptz := CASE p_purpose
        WHEN 'password' THEN p_offer.expires_at
        ELSE greatest(p_offer.expires_at, p_now + (SELECT max(w.length) FROM unnest(p_offer.windows) AS w (length)))
    END;
BEGIN
    FOR i IN 1 .. cardinality(p_offer.count_keys) LOOP
        v_counted := identity.code_count(p_offer.count_keys[i], p_offer.most[i], p_offer.windows[i], p_now);
        retry_at := greatest(retry_at, v_counted.retry_at);
        v_last_until := greatest(v_last_until, v_counted.last_until);
        EXIT WHEN retry_at IS NOT NULL;
    END LOOP;
    expires_at := p_offer.expires_at;
    IF retry_at IS NULL OR p_purpose <> 'password' THEN
        UPDATE identity.one_time_codes c
        SET expires_at = greatest(c.expires_at, v_kept_until)
        WHERE retry_at IS NOT NULL AND c.handle = p_offer.handle AND c.name_digest = p_offer.name_digest AND c.expires_at > p_now;
        -- A short code that is not sent is none.
        INSERT INTO identity.one_time_codes AS c (
            handle, purpose, name_digest, user_id, kind, name, key, code_hash, tries_left, code_until, expires_at)
        VALUES (
            p_offer.handle, p_purpose, p_offer.name_digest, p_user_id, p_kind, p_name, p_key, p_offer.hashes[1], p_offer.tries,
            CASE WHEN retry_at IS NULL AND v_last_until IS NULL THEN p_offer.expires_at ELSE p_now END, v_kept_until)
        ON CONFLICT (handle) DO UPDATE
        SET name_digest = excluded.name_digest, user_id = excluded.user_id, name = excluded.name, key = excluded.key,
            code_hash = excluded.code_hash, tries_left = excluded.tries_left, code_until = excluded.code_until,
            expires_at = excluded.expires_at
        WHERE retry_at IS NULL OR c.name_digest <> excluded.name_digest OR c.expires_at <= p_now;
    END IF;
    IF retry_at IS NOT NULL THEN
        PERFORM identity.code_prune(p_now);
        RETURN;
    END IF;
    IF v_last_until IS NOT NULL THEN
        expires_at := greatest(p_offer.expires_at, v_last_until);
        INSERT INTO identity.one_time_codes AS c (handle, purpose, name_digest, user_id, kind, code_hash, code_until, expires_at)
        VALUES (
            p_offer.name_digest, p_purpose, p_offer.name_digest, CASE p_purpose WHEN 'password' THEN p_user_id END, p_kind,
            p_offer.hashes[2], expires_at, expires_at)
        ON CONFLICT (handle) DO UPDATE
        SET user_id = excluded.user_id, code_hash = excluded.code_hash, code_until = excluded.code_until, expires_at = excluded.expires_at;
    END IF;
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    VALUES (
        p_offer.message_id, p_offer.channel,
        coalesce(p_instead, p_offer.messages[CASE WHEN v_last_until IS NULL THEN 1 ELSE 2 END]),
        p_offer.due_at, p_offer.message_expires_at + (expires_at - p_offer.expires_at));
    PERFORM identity.code_prune(p_now);
END
$$;

-- Takes a code. A try is taken before a short one is looked at, and the row's lock lets one through at a time. One at length is good until
-- it is over, for who has asked for the same name (his row says so), whatever became of his short one. What it proves; null where it is
-- wrong, whatever the reason. It is the caller's to remove it: by code_forget, whatever comes of it.
CREATE FUNCTION identity.code_take(p_handle bytea, p_code_hash bytea, p_now timestamptz) RETURNS identity.one_time_codes
LANGUAGE plpgsql AS $$
DECLARE
    v_code identity.one_time_codes;
BEGIN
    SELECT * INTO v_code FROM identity.one_time_codes c WHERE c.handle = p_handle AND c.expires_at > p_now FOR UPDATE;
    IF EXISTS (
        SELECT FROM identity.one_time_codes c
        WHERE c.handle = v_code.name_digest AND c.tries_left IS NULL AND c.code_hash = p_code_hash AND c.code_until > p_now)
    THEN
        RETURN v_code;
    END IF;
    UPDATE identity.one_time_codes c
    SET tries_left = c.tries_left - 1
    WHERE c.handle = v_code.handle AND c.tries_left > 0 AND c.code_until > p_now
    RETURNING c.* INTO v_code;
    IF found AND v_code.code_hash = p_code_hash THEN
        RETURN v_code;
    END IF;
    RETURN NULL;
END
$$;

-- Forgets a code that was taken, and the one at length for the same name: each is good once.
CREATE FUNCTION identity.code_forget(p_code identity.one_time_codes) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.one_time_codes c WHERE c.handle IN (p_code.handle, p_code.name_digest)
$$;

-- Writes a new code for a name of a user's that is not confirmed, and the message that brings it. Where the name is confirmed
-- for somebody else already, its owner is sent the other message in place of the code: what is answered and what is done is the
-- same, and nobody but the owner is told. Outcomes: sent (until when it holds) | limited (from when on another may be sent) | not_wanted.
CREATE FUNCTION identity.contact_code_send(
    p_user_id text, p_kind text, p_key bytea, p_offer identity.code_offer, p_taken bytea, p_account_key bytea, p_most integer,
    p_window interval, p_now timestamptz)
RETURNS TABLE (outcome text, at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_account record;
    v_code    record;
BEGIN
    PERFORM 1 FROM identity.users u
    WHERE u.id = p_user_id
      AND CASE p_kind
          WHEN 'email' THEN u.email_index = p_key AND NOT u.email_confirmed
          ELSE u.phone_index = p_key AND NOT u.phone_number_confirmed
      END
    FOR KEY SHARE;
    IF NOT found THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'not_wanted', NULL::timestamptz;
        RETURN;
    END IF;
    v_account := identity.code_count(p_account_key, p_most, p_window, p_now);
    IF v_account.retry_at IS NOT NULL THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'limited', v_account.retry_at;
        RETURN;
    END IF;
    v_code := identity.code_offer_write(
        'confirm', p_kind, NULL, p_key, p_user_id, p_offer,
        CASE WHEN identity.contact_is_anothers(p_user_id, p_kind, p_key, p_now) THEN p_taken END, p_now);
    IF v_code.retry_at IS NOT NULL THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
    END IF;
    RETURN QUERY SELECT
        CASE WHEN v_code.retry_at IS NULL THEN 'sent' ELSE 'limited' END, coalesce(v_code.retry_at, v_code.expires_at);
END
$$;

-- Confirms a user's name by a code. Of two accounts that confirm one name at once the index lets one have it, and what waits for the
-- name with it (0045).
-- Outcomes: confirmed | already | wrong (also: none, expired, no tries left) | taken.
CREATE FUNCTION identity.contact_confirm(
    p_service_id text, p_event_id text, p_user_id text, p_kind text, p_handle bytea, p_code_hash bytea, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_code identity.one_time_codes;
    v_name bytea;
BEGIN
    -- The user first, and then his codes, as whoever else changes both.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    v_code := identity.code_take(p_handle, p_code_hash, p_now);
    PERFORM 1 FROM identity.users u
    WHERE u.id = p_user_id AND CASE p_kind WHEN 'email' THEN u.email_confirmed ELSE u.phone_number_confirmed END;
    IF found THEN
        RETURN 'already';
    END IF;
    IF v_code.handle IS NULL THEN
        RETURN 'wrong';
    END IF;
    PERFORM identity.code_forget(v_code);
    BEGIN
        -- A user who was read before must not be written back as he was: hence the stamp.
        UPDATE identity.users u
        SET email_confirmed = u.email_confirmed OR p_kind = 'email',
            phone_number_confirmed = u.phone_number_confirmed OR p_kind = 'phone',
            concurrency_stamp = gen_random_uuid()::text
        WHERE u.id = p_user_id AND v_code.key = CASE p_kind WHEN 'email' THEN u.email_index ELSE u.phone_index END
        RETURNING CASE p_kind WHEN 'email' THEN u.email ELSE u.phone_number END INTO v_name;
        IF NOT found THEN
            RETURN 'wrong';
        END IF;
        -- Its last owner may still undo that he gave it up (0037).
        IF identity.contact_is_kept(p_user_id, p_kind, v_code.key, p_now) THEN
            RAISE unique_violation;
        END IF;
    EXCEPTION WHEN unique_violation THEN
        RETURN 'taken';
    END;
    PERFORM identity.invitations_redeem(p_service_id, v_code.key, p_user_id, p_kind, v_name, p_now);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'contact_confirmed', p_user_id, p_now, jsonb_build_object('contact', p_kind));
    RETURN 'confirmed';
END
$$;
