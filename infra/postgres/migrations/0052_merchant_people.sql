-- Who comes to a merchant, and who goes (0050). Whoever is invited proves by a code at length that the message reached him, and that the
-- address is his own: the code alone, in other hands, makes nobody anything.
CREATE TABLE merchants.invitations (
    id          text        NOT NULL,
    merchant_id text        NOT NULL,
    role        text        NOT NULL,
    -- Encrypted under the merchant's key; and by which it is compared (0015).
    email       bytea       NOT NULL,
    email_index bytea       NOT NULL,
    -- Of the code, under a key that the database does not have.
    code_hash   bytea       NOT NULL,
    invited_by  text        NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- One of a merchant's.
    CONSTRAINT invitations_pkey PRIMARY KEY (id),
    CONSTRAINT invitations_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants.merchants (id) ON DELETE CASCADE,
    CONSTRAINT invitations_role_known CHECK (role IN ('owner', 'developer', 'finance', 'viewer')),
    CONSTRAINT invitations_digests_are_sha256 CHECK (octet_length(email_index) = 32 AND octet_length(code_hash) = 32),
    -- The code that somebody enters.
    CONSTRAINT invitations_code_key UNIQUE (code_hash),
    -- A merchant's; one of each address, so that nobody is written to again and again.
    CONSTRAINT invitations_email_key UNIQUE (merchant_id, email_index)
);

-- Invites somebody, and writes the message. What is over goes then. Outcomes: done | already (he is of the merchant) | invited (he is
-- already) | too_many, and those of hold.
CREATE FUNCTION merchants.person_invite(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_id text,
    p_role text, p_email bytea, p_email_index bytea, p_code_hash bytea, p_expires_at timestamptz, p_message_id text, p_message bytea,
    p_due_at timestamptz, p_message_expires_at timestamptz, p_now timestamptz, p_most integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    DELETE FROM merchants.invitations i WHERE i.merchant_id = p_merchant_id AND i.expires_at <= p_now;
    IF EXISTS (
        SELECT FROM merchants.people p JOIN identity.users u ON u.id = p.user_id
        WHERE p.merchant_id = p_merchant_id AND u.email_index = p_email_index AND u.email_confirmed)
    THEN
        RETURN 'already';
    END IF;
    IF EXISTS (SELECT FROM merchants.invitations i WHERE i.merchant_id = p_merchant_id AND i.email_index = p_email_index) THEN
        RETURN 'invited';
    END IF;
    IF (SELECT count(*) FROM merchants.people p WHERE p.merchant_id = p_merchant_id)
        + (SELECT count(*) FROM merchants.invitations i WHERE i.merchant_id = p_merchant_id) >= p_most
    THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO merchants.invitations (id, merchant_id, role, email, email_index, code_hash, invited_by, created_at, expires_at)
    VALUES (p_id, p_merchant_id, p_role, p_email, p_email_index, p_code_hash, p_user_id, p_now, p_expires_at);
    INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
    VALUES (p_message_id, 'email', p_message, p_due_at, p_message_expires_at);
    PERFORM merchants.event(
        p_service_id, p_event_id, 'person_invited', p_merchant_id, p_now,
        jsonb_build_object('invitationId', p_id, 'role', p_role, 'by', p_user_id));
    PERFORM merchants.tell_owners(p_service_id, p_event_id, 'merchant_people_changed', p_merchant_id, p_now, '{}');
    RETURN 'done';
END
$$;

-- Somebody who was invited comes, once: of two who bring one code at once the merchant's row lets one through. Whoever is of the merchant
-- already becomes nothing else by it. Outcomes: done (of which merchant) | wrong (also: none, over, used, another's address) |
-- session_ended.
CREATE FUNCTION merchants.person_join(
    p_service_id text, p_event_id text, p_live boolean, p_user_id text, p_session_id text, p_code_hash bytea, p_now timestamptz,
    OUT outcome text, OUT merchant text)
LANGUAGE plpgsql AS $$
DECLARE
    v_user    identity.users;
    v_invited merchants.invitations;
BEGIN
    SELECT * INTO v_user FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        outcome := 'session_ended';
        RETURN;
    END IF;
    outcome := 'wrong';
    SELECT i.merchant_id INTO merchant FROM merchants.invitations i WHERE i.code_hash = p_code_hash;
    PERFORM 1 FROM merchants.merchants m WHERE m.id = merchant AND m.live = p_live FOR NO KEY UPDATE;
    IF NOT found OR v_user.erasing_since IS NOT NULL THEN
        merchant := NULL;
        RETURN;
    END IF;
    DELETE FROM merchants.invitations i
    WHERE i.code_hash = p_code_hash AND i.expires_at > p_now AND v_user.email_confirmed AND v_user.email_index = i.email_index
    RETURNING i.* INTO v_invited;
    IF NOT found THEN
        merchant := NULL;
        RETURN;
    END IF;
    INSERT INTO merchants.people (merchant_id, user_id, role, since, invitation)
    VALUES (merchant, p_user_id, v_invited.role, p_now, v_invited.id)
    ON CONFLICT DO NOTHING;
    PERFORM merchants.event(
        p_service_id, p_event_id, 'person_joined', merchant, p_now,
        jsonb_build_object('userId', p_user_id, 'role', v_invited.role, 'by', v_invited.invited_by));
    PERFORM merchants.tell_owners(p_service_id, p_event_id, 'merchant_people_changed', merchant, p_now, '{}');
    outcome := 'done';
END
$$;

-- Makes somebody something else to a merchant. Whoever is no owner any more leaves no invitation of his behind, and nobody a key that may
-- more than he. Outcomes: done | no_person | last_owner, and those of hold.
CREATE FUNCTION merchants.person_change(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[],
    p_person text, p_role text, p_may text[], p_of_secrets text[], p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held   text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
    v_before text;
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    SELECT p.role INTO v_before FROM merchants.people p WHERE p.merchant_id = p_merchant_id AND p.user_id = p_person;
    IF NOT found THEN
        RETURN 'no_person';
    END IF;
    IF v_before = p_role THEN
        RETURN 'done';
    END IF;
    IF v_before = 'owner' AND merchants.owners_but(p_merchant_id, p_person) = 0 THEN
        RETURN 'last_owner';
    END IF;
    -- Who was an owner until now is told, too.
    PERFORM merchants.tell_owners(p_service_id, p_event_id, 'merchant_people_changed', p_merchant_id, p_now, '{}');
    UPDATE merchants.people p SET role = p_role WHERE p.merchant_id = p_merchant_id AND p.user_id = p_person;
    DELETE FROM merchants.invitations i WHERE i.merchant_id = p_merchant_id AND i.invited_by = p_person AND p_role <> 'owner';
    PERFORM merchants.keys_end(p_service_id, p_event_id, p_merchant_id, p_person, p_user_id, p_may, p_of_secrets, p_now);
    PERFORM merchants.event(
        p_service_id, p_event_id, 'person_changed', p_merchant_id, p_now,
        jsonb_build_object('userId', p_person, 'role', p_role, 'by', p_user_id));
    RETURN 'done';
END
$$;

-- Removes somebody from a merchant, with the keys that he may know, or takes an invitation back: owners anybody, and each himself.
-- Outcomes: done | no_person | last_owner, and those of hold.
CREATE FUNCTION merchants.person_remove(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[],
    p_person text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held   text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
    v_before text;
BEGIN
    IF v_held <> 'ok' AND NOT (v_held = 'role' AND p_person = p_user_id) THEN
        RETURN v_held;
    END IF;
    DELETE FROM merchants.invitations i WHERE i.merchant_id = p_merchant_id AND i.id = p_person;
    IF found THEN
        PERFORM merchants.event(
            p_service_id, p_event_id, 'person_removed', p_merchant_id, p_now, jsonb_build_object('invitationId', p_person, 'by', p_user_id));
        RETURN 'done';
    END IF;
    SELECT p.role INTO v_before FROM merchants.people p WHERE p.merchant_id = p_merchant_id AND p.user_id = p_person;
    IF NOT found THEN
        RETURN 'no_person';
    END IF;
    IF v_before = 'owner' AND merchants.owners_but(p_merchant_id, p_person) = 0 THEN
        RETURN 'last_owner';
    END IF;
    PERFORM merchants.tell_owners(p_service_id, p_event_id, 'merchant_people_changed', p_merchant_id, p_now, '{}');
    DELETE FROM merchants.people p WHERE p.merchant_id = p_merchant_id AND p.user_id = p_person;
    DELETE FROM merchants.invitations i WHERE i.merchant_id = p_merchant_id AND i.invited_by = p_person;
    PERFORM merchants.keys_end(p_service_id, p_event_id, p_merchant_id, p_person, p_user_id, NULL, '{}', p_now);
    PERFORM merchants.event(
        p_service_id, p_event_id, 'person_removed', p_merchant_id, p_now, jsonb_build_object('userId', p_person, 'by', p_user_id));
    RETURN 'done';
END
$$;
