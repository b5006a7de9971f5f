-- Whom a user pays, by names of the user's own. The recipient is kept as it was typed, and resolved when it is used. It may be the e-mail
-- address or phone number of somebody else: so it is encrypted under the user's own data key (0033).
CREATE TABLE identity.contacts (
    id         text        NOT NULL,
    user_id    text        NOT NULL,
    nickname   text        NOT NULL,
    recipient  bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- A contact by its id, always together with its user.
    CONSTRAINT contacts_pkey PRIMARY KEY (id),
    CONSTRAINT contacts_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);

-- A nickname as it is compared: what looks alike is alike. Without what is not seen and only says how its neighbours are drawn (the same
-- characters are in Nickname.cs, which lets nothing else in that is not seen), wide letters as others, in any case, and with single spaces.
CREATE FUNCTION identity.contact_name_form(p_nickname text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        lower(normalize(
            regexp_replace(
                p_nickname, '[\u034F\u180B-\u180D\u180F\u200C\u200D\uFE00-\uFE0F\U000E0100-\U000E01EF]', '', 'g'),
            NFKC)),
        ' +', ' ', 'g'), ' ')
$$;

-- A contact by its nickname, as it is seen.
CREATE UNIQUE INDEX contacts_nickname_idx ON identity.contacts (user_id, identity.contact_name_form(nickname));

-- Nicknames that a contact had and has no more, each with the contact it stood for. A user pays by them without looking twice: for a
-- while another contact is not called so unless it is he who says so. As digests: what was removed is nowhere to be read.
CREATE TABLE identity.contact_names (
    user_id     text        NOT NULL,
    name_digest bytea       NOT NULL,
    contact_id  text        NOT NULL,
    until       timestamptz NOT NULL,
    -- Whom a nickname stood for; and a user's, of which those that are over are removed.
    CONSTRAINT contact_names_pkey PRIMARY KEY (user_id, name_digest),
    CONSTRAINT contact_names_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT contact_names_digest_is_sha256 CHECK (octet_length(name_digest) = 32)
);

-- As nicknames are compared: by contacts_nickname_idx.
CREATE FUNCTION identity.contact_name_digest(p_user_id text, p_nickname text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(p_user_id || ' ' || identity.contact_name_form(p_nickname), 'UTF8'))
$$;

-- Remembers whom a nickname stood for that is given up, and forgets what is over of the user's.
CREATE FUNCTION identity.contact_name_keep(p_user_id text, p_nickname text, p_contact_id text, p_now timestamptz, p_until timestamptz)
RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.contact_names n WHERE n.user_id = p_user_id AND n.until <= p_now;
    INSERT INTO identity.contact_names AS n (user_id, name_digest, contact_id, until)
    VALUES (p_user_id, identity.contact_name_digest(p_user_id, p_nickname), p_contact_id, p_until)
    ON CONFLICT (user_id, name_digest) DO UPDATE SET contact_id = excluded.contact_id, until = excluded.until
$$;

-- Forgets what a user's contacts were called, at most so many. Before he is removed himself: in his last transaction, for whose end the
-- readers of events wait, there are few left, however often he called them otherwise. How many.
CREATE FUNCTION identity.contact_names_remove(p_user_id text, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_removed integer;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    DELETE FROM identity.contact_names n
    WHERE n.user_id = p_user_id AND n.name_digest IN (
        SELECT o.name_digest FROM identity.contact_names o WHERE o.user_id = p_user_id LIMIT p_limit);
    GET DIAGNOSTICS v_removed = ROW_COUNT;
    RETURN v_removed;
END
$$;

-- Whether a contact may be called so without the user's proof. Whoever has proven himself has said whom it stands for from now on.
CREATE FUNCTION identity.contact_name_take(p_user_id text, p_nickname text, p_contact_id text, p_proven boolean, p_now timestamptz)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM identity.contact_names n
        WHERE n.user_id = p_user_id AND n.name_digest = identity.contact_name_digest(p_user_id, p_nickname)
          AND n.contact_id <> p_contact_id AND n.until > p_now)
    THEN
        RETURN true;
    END IF;
    IF p_proven THEN
        DELETE FROM identity.contact_names n
        WHERE n.user_id = p_user_id AND n.name_digest = identity.contact_name_digest(p_user_id, p_nickname);
    END IF;
    RETURN p_proven;
END
$$;

-- Outcomes, of these three: done | none (there is no such contact) | too_many | proof_needed (of the user, beyond his session) |
-- session_ended (since the request was looked at). A nickname that is there already violates its index.
CREATE FUNCTION identity.contact_add(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_id text, p_nickname text, p_recipient bytea, p_proven boolean,
    p_now timestamptz, p_most integer) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    -- One addition of a user at a time, so that the count holds.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    IF (SELECT count(*) FROM identity.contacts c WHERE c.user_id = p_user_id) >= p_most THEN
        RETURN 'too_many';
    END IF;
    IF NOT identity.contact_name_take(p_user_id, p_nickname, p_id, p_proven, p_now) THEN
        RETURN 'proof_needed';
    END IF;
    INSERT INTO identity.contacts (id, user_id, nickname, recipient, created_at, updated_at)
    VALUES (p_id, p_user_id, p_nickname, p_recipient, p_now, p_now);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'recipient_added', p_user_id, p_now, jsonb_build_object('contactId', p_id));
    RETURN 'done';
END
$$;

-- Changes what is given; null leaves as it is. Whom a contact pays only by proof, and whom a nickname stands for.
CREATE FUNCTION identity.contact_change(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_id text, p_nickname text, p_recipient bytea, p_proven boolean,
    p_now timestamptz, p_kept_until timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_before identity.contacts;
    v_held   boolean := false;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    SELECT * INTO v_before FROM identity.contacts c WHERE c.user_id = p_user_id AND c.id = p_id;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    IF identity.contact_name_form(p_nickname) <> identity.contact_name_form(v_before.nickname) THEN
        v_held := NOT identity.contact_name_take(p_user_id, p_nickname, p_id, false, p_now);
    END IF;
    IF (v_held OR p_recipient IS NOT NULL) AND NOT p_proven THEN
        RETURN 'proof_needed';
    END IF;
    UPDATE identity.contacts c
    SET nickname = coalesce(p_nickname, c.nickname), recipient = coalesce(p_recipient, c.recipient), updated_at = p_now
    WHERE c.id = p_id;
    IF v_held THEN
        PERFORM identity.contact_name_take(p_user_id, p_nickname, p_id, true, p_now);
    END IF;
    IF identity.contact_name_form(p_nickname) <> identity.contact_name_form(v_before.nickname) THEN
        PERFORM identity.contact_name_keep(p_user_id, v_before.nickname, p_id, p_now, p_kept_until);
    END IF;
    IF v_held OR p_recipient IS NOT NULL THEN
        PERFORM identity.security_event(
            p_service_id, p_event_id, 'recipient_changed', p_user_id, p_now, jsonb_build_object('contactId', p_id));
    END IF;
    RETURN 'done';
END
$$;

-- Outcomes: done | none | session_ended.
CREATE FUNCTION identity.contact_remove(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_id text, p_now timestamptz, p_kept_until timestamptz)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_nickname text;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    DELETE FROM identity.contacts c WHERE c.user_id = p_user_id AND c.id = p_id RETURNING c.nickname INTO v_nickname;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    PERFORM identity.contact_name_keep(p_user_id, v_nickname, p_id, p_now, p_kept_until);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'recipient_removed', p_user_id, p_now, jsonb_build_object('contactId', p_id));
    RETURN 'done';
END
$$;
