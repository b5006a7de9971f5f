-- People have all of them taken away that neither the law nor the ledger keeps.

-- Since when a user is being erased: he has said so in a session that was open then, and proven himself. From there on it is carried out,
-- whatever crashes and whoever logs whom out; only a wallet that is not closed undoes it.
ALTER TABLE identity.users ADD COLUMN erasing_since timestamptz;

-- Those who are left, the oldest first, for the worker that goes on with them.
CREATE INDEX users_erasing_idx ON identity.users (erasing_since) WHERE erasing_since IS NOT NULL;

-- Decides that a user is erased. Outcomes: begun | kept (there is no such user, or he may be more than a user) | session_ended (since the
-- request was looked at) | owner (a merchant would be without one, 0050).
CREATE FUNCTION identity.erasure_begin(p_user_id text, p_session_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id AND u.role = 'user' FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN 'kept';
    END IF;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    IF merchants.is_last_owner(p_user_id) THEN
        RETURN 'owner';
    END IF;
    UPDATE identity.users u SET erasing_since = p_now WHERE u.id = p_user_id;
    RETURN 'begun';
END
$$;

-- His wallet is not given up, so he stays; unless it was asked for again meanwhile.
CREATE FUNCTION identity.erasure_withdraw(p_user_id text, p_since timestamptz) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users u SET erasing_since = NULL WHERE u.id = p_user_id AND u.erasing_since = p_since
$$;

-- One who could not be erased keeps no other from it.
CREATE FUNCTION identity.erasure_put_off(p_user_id text, p_since timestamptz, p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.users u SET erasing_since = p_now WHERE u.id = p_user_id AND u.erasing_since = p_since
$$;

-- Those who may be more than a user by now stay: the role is younger than the decision, and nobody is to be erased by the way when it is
-- taken away again. Who they are.
CREATE FUNCTION identity.erasures_withdraw_of_administrators() RETURNS SETOF text
LANGUAGE sql AS $$
    UPDATE identity.users u SET erasing_since = NULL WHERE u.erasing_since IS NOT NULL AND u.role <> 'user' RETURNING u.id
$$;

-- Gives a role, or takes it, with its entry in the audit log. Nobody who is being erased is given one: his wallet may be given up already, and
-- an administrator who stays would have none. What is left of an erasure goes with a role that is taken, or it would be carried out then.
-- Outcomes: set | same (he has it already) | erasing | gone (there is no such user).
CREATE FUNCTION identity.role_set(p_chain text, p_actor text, p_user_id text, p_role text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_user record;
BEGIN
    SELECT u.role, u.erasing_since INTO v_user FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN 'gone';
    END IF;
    IF v_user.role = p_role THEN
        RETURN 'same';
    END IF;
    IF p_role <> 'user' AND v_user.erasing_since IS NOT NULL THEN
        RETURN 'erasing';
    END IF;
    UPDATE identity.users u SET role = p_role, erasing_since = NULL WHERE u.id = p_user_id;
    -- Last: whoever appends to this chain waits for the commit.
    PERFORM audit_append(p_chain, p_actor, 'user.role_set', p_user_id, jsonb_build_object('role', p_role, 'before', v_user.role));
    RETURN 'set';
END
$$;

-- Removes a user with all that is his in this schema, and destroys his key, so that what was copied of the rest is noise. His sessions end
-- at all front doors, those that had ended have gone before (user_sessions_remove); his handles are nobody's for ever. What he paid and was
-- paid, and what was done about him, stays under his id. The audit log has it if and only if it has happened.
-- Outcomes: erased | kept (there is no such user, he may be more than a user, or it was withdrawn).
CREATE FUNCTION identity.user_erase(
    p_service_id text, p_event_id text, p_chain text, p_user_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id AND u.role = 'user' AND u.erasing_since IS NOT NULL FOR UPDATE;
    IF NOT found THEN
        RETURN 'kept';
    END IF;
    PERFORM identity.sessions_revoke_others(p_service_id, p_event_id, p_user_id, '', p_now);
    INSERT INTO identity.erased_sessions (id, revoked_at, access_ends_at)
    SELECT s.id, coalesce(s.revoked_at, p_now), s.access_ends_at FROM identity.sessions s WHERE s.user_id = p_user_id;
    UPDATE identity.handles h SET user_id = NULL, released_at = 'infinity' WHERE h.user_id = p_user_id;
    DELETE FROM identity.invited_names n WHERE n.service_id = p_service_id AND n.wallet = 'wal_' || substr(p_user_id, 5);
    -- Merchants are held before what is theirs (0050), each in turn.
    PERFORM 1 FROM merchants.merchants m
    WHERE m.id IN (SELECT p.merchant_id FROM merchants.people p WHERE p.user_id = p_user_id) ORDER BY m.id FOR NO KEY UPDATE;
    PERFORM merchants.keys_end(p_service_id, p_event_id, p.merchant_id, p_user_id, p_user_id, NULL, '{}', p_now)
    FROM merchants.people p WHERE p.user_id = p_user_id;
    DELETE FROM merchants.invitations i
    USING merchants.people p
    WHERE p.user_id = p_user_id AND i.merchant_id = p.merchant_id AND i.invited_by = p_user_id;
    DELETE FROM identity.users u WHERE u.id = p_user_id;
    PERFORM subject_key_erase(p_user_id);
    -- Last: whoever appends to this chain waits for the commit.
    PERFORM audit_append(p_chain, p_user_id, 'subject.erase', p_user_id, '{}'::jsonb);
    RETURN 'erased';
END
$$;
