-- One-time codes by which people prove that an e-mail address or a phone number is theirs. Of a code only a digest is kept, under a
-- key that the database does not have: there are few codes, and a bare hash of each is made in a second.
CREATE TABLE identity.contact_codes (
    user_id    text        NOT NULL,
    kind       text        NOT NULL,
    -- What it proves: the name as it was when the code was sent.
    name       text        NOT NULL,
    code_hash  bytea       NOT NULL,
    tries_left integer     NOT NULL,
    expires_at timestamptz NOT NULL,
    -- The code that somebody enters. A new one takes the place of the one before.
    CONSTRAINT contact_codes_pkey PRIMARY KEY (user_id, kind),
    CONSTRAINT contact_codes_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT contact_codes_kind_known CHECK (kind IN ('email', 'phone')),
    CONSTRAINT contact_codes_hash_is_sha256 CHECK (octet_length(code_hash) = 32)
);

-- How many codes were sent for an account and to a name in the present window. Keys are digests, so that names of people who are
-- not here are not kept.
CREATE TABLE identity.contact_code_counts (
    key_digest bytea       NOT NULL,
    counted    integer     NOT NULL,
    began_at   timestamptz NOT NULL,
    -- What is counted.
    CONSTRAINT contact_code_counts_pkey PRIMARY KEY (key_digest),
    CONSTRAINT contact_code_counts_digest_is_sha256 CHECK (octet_length(key_digest) = 32)
);

-- The oldest, which contact_code_count removes.
CREATE INDEX contact_code_counts_began_idx ON identity.contact_code_counts (began_at);

-- Counts one more. Null if it may be, else from when on it may again. Removes a few whose windows are over for long.
CREATE FUNCTION identity.contact_code_count(p_key_digest bytea, p_most integer, p_window interval, p_now timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.contact_code_counts AS c (key_digest, counted, began_at)
    VALUES (p_key_digest, 1, p_now)
    ON CONFLICT (key_digest) DO UPDATE
    SET counted = CASE WHEN c.began_at <= p_now - p_window THEN 1 ELSE c.counted + 1 END,
        began_at = CASE WHEN c.began_at <= p_now - p_window THEN p_now ELSE c.began_at END
    WHERE c.counted < p_most OR c.began_at <= p_now - p_window;
    IF NOT found THEN
        RETURN (SELECT c.began_at + p_window FROM identity.contact_code_counts c WHERE c.key_digest = p_key_digest);
    END IF;
    DELETE FROM identity.contact_code_counts
    WHERE key_digest IN (
        SELECT c.key_digest FROM identity.contact_code_counts c
        WHERE c.began_at < p_now - 2 * p_window
        ORDER BY c.began_at
        LIMIT 10
        FOR UPDATE SKIP LOCKED);
    RETURN NULL;
END
$$;

-- Writes a new code for a name of a user's that is not confirmed, and the message that brings it. Where the name is confirmed
-- for somebody else already, its owner is sent the other message in place of the code: what is answered and what is done is the
-- same, and nobody but the owner is told. Outcomes: sent | limited (then from when on another may be sent) | not_wanted.
CREATE FUNCTION identity.contact_code_send(
    p_user_id text, p_kind text, p_name text, p_code_hash bytea, p_tries integer, p_now timestamptz, p_expires_at timestamptz,
    p_keys bytea[], p_most integer[], p_window interval,
    p_message_id text, p_channel text, p_code bytea, p_taken bytea, p_due_at timestamptz, p_message_expires_at timestamptz)
RETURNS TABLE (outcome text, retry_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_retry_at timestamptz;
    v_taken    boolean;
BEGIN
    PERFORM 1 FROM identity.users u
    WHERE u.id = p_user_id
      AND CASE p_kind
          WHEN 'email' THEN u.normalized_email = p_name AND NOT u.email_confirmed
          ELSE u.phone_number = p_name AND NOT u.phone_number_confirmed
      END;
    IF NOT found THEN
        RETURN QUERY SELECT 'not_wanted', NULL::timestamptz;
        RETURN;
    END IF;
    FOR i IN 1 .. cardinality(p_keys) LOOP
        v_retry_at := identity.contact_code_count(p_keys[i], p_most[i], p_window, p_now);
        IF v_retry_at IS NOT NULL THEN
            RETURN QUERY SELECT 'limited', v_retry_at;
            RETURN;
        END IF;
    END LOOP;
    INSERT INTO identity.contact_codes (user_id, kind, name, code_hash, tries_left, expires_at)
    VALUES (p_user_id, p_kind, p_name, p_code_hash, p_tries, p_expires_at)
    ON CONFLICT (user_id, kind) DO UPDATE
    SET name = excluded.name, code_hash = excluded.code_hash, tries_left = excluded.tries_left, expires_at = excluded.expires_at;
    v_taken := identity.contact_is_kept(p_user_id, p_kind, p_name, p_now) OR CASE p_kind
        WHEN 'email' THEN EXISTS (SELECT FROM identity.users u WHERE u.normalized_email = p_name AND u.email_confirmed)
        ELSE EXISTS (SELECT FROM identity.users u WHERE u.phone_number = p_name AND u.phone_number_confirmed)
    END;
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    VALUES (p_message_id, p_channel, CASE WHEN v_taken THEN p_taken ELSE p_code END, p_due_at, p_message_expires_at);
    RETURN QUERY SELECT 'sent', NULL::timestamptz;
END
$$;

-- Confirms a user's name by a code. A try is taken before the code is looked at, and the row's lock lets one through at a time.
-- Of two accounts that confirm one name at once the index lets one have it.
-- Outcomes: confirmed | already | wrong (also: none, expired, no tries left) | taken.
CREATE FUNCTION identity.contact_confirm(
    p_service_id text, p_event_id text, p_user_id text, p_kind text, p_code_hash bytea, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_code identity.contact_codes;
BEGIN
    UPDATE identity.contact_codes c
    SET tries_left = c.tries_left - 1
    WHERE c.user_id = p_user_id AND c.kind = p_kind AND c.tries_left > 0 AND c.expires_at > p_now
    RETURNING c.* INTO v_code;
    PERFORM 1 FROM identity.users u
    WHERE u.id = p_user_id AND CASE p_kind WHEN 'email' THEN u.email_confirmed ELSE u.phone_number_confirmed END;
    IF found THEN
        RETURN 'already';
    END IF;
    IF v_code.user_id IS NULL OR v_code.code_hash <> p_code_hash THEN
        RETURN 'wrong';
    END IF;

    -- Once, whatever comes of it.
    DELETE FROM identity.contact_codes c WHERE c.user_id = p_user_id AND c.kind = p_kind;
    BEGIN
        -- A user who was read before must not be written back as he was: hence the stamp.
        UPDATE identity.users u
        SET email_confirmed = u.email_confirmed OR p_kind = 'email',
            phone_number_confirmed = u.phone_number_confirmed OR p_kind = 'phone',
            concurrency_stamp = gen_random_uuid()::text
        WHERE u.id = p_user_id AND v_code.name = CASE p_kind WHEN 'email' THEN u.normalized_email ELSE u.phone_number END;
        IF NOT found THEN
            RETURN 'wrong';
        END IF;
        -- Its last owner may still undo that he gave it up (0037).
        IF identity.contact_is_kept(p_user_id, p_kind, v_code.name, p_now) THEN
            RAISE unique_violation;
        END IF;
    EXCEPTION WHEN unique_violation THEN
        RETURN 'taken';
    END;
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'contact_confirmed', p_user_id, p_now, jsonb_build_object('contact', p_kind));
    RETURN 'confirmed';
END
$$;
