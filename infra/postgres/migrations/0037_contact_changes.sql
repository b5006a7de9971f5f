-- E-mail addresses and phone numbers that are exchanged for others. The new one becomes the user's by a code that is sent there (0031).
-- The old one is kept for him for 72 hours: it is given to nobody else, and whoever has it can undo all changes of that time. So he can
-- undo that a second factor was set up.
CREATE TABLE identity.undoable_changes (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    user_id    text        NOT NULL,
    kind       text        NOT NULL,
    -- What he had before, as his row had it: the name encrypted, and its index. Null where he had confirmed none of the kind, and of a
    -- factor.
    name       bytea,
    key        bytea,
    -- Of the code that undoes. The database does not have the key of it.
    undo_hash  bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    -- The same for all of a user's that can still be undone: a change carries those before it along. Else who came in between would have
    -- the last word, once the row of the rightful owner is over.
    until      timestamptz NOT NULL,
    CONSTRAINT undoable_changes_pkey PRIMARY KEY (id),
    CONSTRAINT undoable_changes_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT undoable_changes_kind_known CHECK (kind IN ('email', 'phone', 'factor')),
    CONSTRAINT undoable_changes_hash_is_sha256 CHECK (octet_length(undo_hash) = 32 AND octet_length(key) = 32),
    -- The code that somebody enters without a login.
    CONSTRAINT undoable_changes_undo_key UNIQUE (undo_hash)
);

-- Whether a name is kept for somebody.
CREATE INDEX undoable_changes_key_idx ON identity.undoable_changes (kind, key) WHERE key IS NOT NULL;

-- A user's, in their order.
CREATE INDEX undoable_changes_user_idx ON identity.undoable_changes (user_id, id);

-- The oldest, which undoable_changes_prune removes.
CREATE INDEX undoable_changes_until_idx ON identity.undoable_changes (until);

-- Whether a name is kept for another user. Whoever takes a name asks after it is his: of one who gives it up and one who takes it at
-- the same time, the second waits for the first at the name's index, and sees here what the first has left.
CREATE FUNCTION identity.contact_is_kept(p_user_id text, p_kind text, p_key bytea, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM identity.undoable_changes f
        WHERE f.kind = p_kind AND f.key = p_key AND f.user_id <> p_user_id AND f.until > p_now)
$$;

-- Whether a name is somebody's, or kept for another than this user.
CREATE FUNCTION identity.contact_is_anothers(p_user_id text, p_kind text, p_key bytea, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT identity.contact_is_kept(p_user_id, p_kind, p_key, p_now) OR CASE p_kind
        WHEN 'email' THEN EXISTS (SELECT FROM identity.users u WHERE u.email_index = p_key AND u.email_confirmed)
        ELSE EXISTS (SELECT FROM identity.users u WHERE u.phone_index = p_key AND u.phone_number_confirmed)
    END
$$;

-- Removes some that can be undone no more, more than are added. Other people's: last in a transaction (0015).
CREATE FUNCTION identity.undoable_changes_prune(p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.undoable_changes f
    WHERE f.id IN (
        SELECT o.id FROM identity.undoable_changes o
        WHERE o.until <= p_now
        ORDER BY o.until
        LIMIT 10
        FOR UPDATE SKIP LOCKED)
$$;

-- Writes a code for a name that a user wants in place of his own, and the messages: the code to the new one, and that it was asked for
-- to those that he has. Where the new one is somebody else's, that one is told in place of the code. Outcomes:
-- sent (until when it holds) | limited (from when on another may be sent) | same | too_many (changes of late) | session_ended (since the
-- request was looked at).
CREATE FUNCTION identity.contact_change_send(
    p_user_id text, p_kind text, p_name bytea, p_key bytea, p_offer identity.code_offer, p_taken bytea, p_account_key bytea,
    p_most integer, p_window interval, p_most_changes integer, p_notice_ids text[], p_notice_channels text[], p_notices bytea[],
    p_notices_expire_at timestamptz, p_now timestamptz, p_session_id text)
RETURNS TABLE (outcome text, at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_account record;
    v_code    record;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'session_ended', NULL::timestamptz;
        RETURN;
    END IF;
    IF EXISTS (
        SELECT FROM identity.users u
        WHERE u.id = p_user_id
          AND CASE p_kind
              WHEN 'email' THEN u.email_index = p_key AND u.email_confirmed
              ELSE u.phone_index = p_key AND u.phone_number_confirmed
          END)
    THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'same', NULL::timestamptz;
        RETURN;
    END IF;
    IF identity.contact_changes_open(p_user_id, p_kind, p_now) >= p_most_changes THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'too_many', NULL::timestamptz;
        RETURN;
    END IF;
    v_account := identity.code_count(p_account_key, p_most, p_window, p_now);
    IF v_account.retry_at IS NOT NULL THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'limited', v_account.retry_at;
        RETURN;
    END IF;
    v_code := identity.code_offer_write(
        'change', p_kind, p_name, p_key, p_user_id, p_offer,
        CASE WHEN identity.contact_is_anothers(p_user_id, p_kind, p_key, p_now) THEN p_taken END, p_now);
    IF v_code.retry_at IS NOT NULL THEN
        -- Nobody is told where nothing is sent: of the code that was sent before they were told then.
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
    ELSE
        INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
        SELECT n.id, n.channel, n.sealed, p_offer.due_at, p_notices_expire_at
        FROM unnest(p_notice_ids, p_notice_channels, p_notices) AS n (id, channel, sealed);
    END IF;
    PERFORM identity.undoable_changes_prune(p_now);
    RETURN QUERY SELECT
        CASE WHEN v_code.retry_at IS NULL THEN 'sent' ELSE 'limited' END, coalesce(v_code.retry_at, v_code.expires_at);
END
$$;

-- How many changes of a kind a user has made that can still be undone.
CREATE FUNCTION identity.contact_changes_open(p_user_id text, p_kind text, p_now timestamptz) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer FROM identity.undoable_changes f
    WHERE f.user_id = p_user_id AND f.kind = p_kind AND f.until > p_now
$$;

-- Exchanges a user's name for the one that a code was sent to. p_stamp is the user's as he
-- was when the messages were written: they go to those who had the names before, with the code that undoes.
-- Outcomes: changed | wrong (also: none, expired, no tries left) | taken | too_many | again (he has changed since he was read) |
-- session_ended.
CREATE FUNCTION identity.contact_change_confirm(
    p_service_id text, p_event_id text, p_user_id text, p_kind text, p_handle bytea, p_code_hash bytea, p_stamp text, p_now timestamptz,
    p_most_changes integer, p_until timestamptz, p_undo_hash bytea, p_message_ids text[], p_channels text[], p_messages bytea[],
    p_due_at timestamptz, p_messages_expire_at timestamptz, p_session_id text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_user   identity.users;
    v_change identity.one_time_codes;
BEGIN
    SELECT * INTO v_user FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    IF v_user.concurrency_stamp IS DISTINCT FROM p_stamp THEN
        RETURN 'again';
    END IF;
    v_change := identity.code_take(p_handle, p_code_hash, p_now);
    IF v_change.handle IS NULL THEN
        RETURN 'wrong';
    END IF;
    PERFORM identity.code_forget(v_change);
    IF identity.contact_changes_open(p_user_id, p_kind, p_now) >= p_most_changes THEN
        RETURN 'too_many';
    END IF;
    BEGIN
        UPDATE identity.users u
        SET email = CASE p_kind WHEN 'email' THEN v_change.name ELSE u.email END,
            email_index = CASE p_kind WHEN 'email' THEN v_change.key ELSE u.email_index END,
            email_confirmed = u.email_confirmed OR p_kind = 'email',
            phone_number = CASE p_kind WHEN 'phone' THEN v_change.name ELSE u.phone_number END,
            phone_index = CASE p_kind WHEN 'phone' THEN v_change.key ELSE u.phone_index END,
            phone_number_confirmed = u.phone_number_confirmed OR p_kind = 'phone',
            concurrency_stamp = gen_random_uuid()::text
        WHERE u.id = p_user_id;
        IF identity.contact_is_kept(p_user_id, p_kind, v_change.key, p_now) THEN
            RAISE unique_violation;
        END IF;
    EXCEPTION WHEN unique_violation THEN
        RETURN 'taken';
    END;

    -- Codes that went to the old name are nobody's any more, and one who has it sets no password by them.
    DELETE FROM identity.one_time_codes c WHERE c.user_id = p_user_id AND (c.purpose = 'password' OR c.kind = p_kind);
    -- Who had proven nothing has nothing to go back to.
    IF v_user.email_confirmed OR v_user.phone_number_confirmed THEN
        UPDATE identity.undoable_changes f SET until = p_until WHERE f.user_id = p_user_id AND f.until > p_now;
        INSERT INTO identity.undoable_changes (user_id, kind, name, key, undo_hash, created_at, until)
        VALUES (
            p_user_id, p_kind,
            CASE WHEN p_kind = 'email' AND v_user.email_confirmed THEN v_user.email
                WHEN p_kind = 'phone' AND v_user.phone_number_confirmed THEN v_user.phone_number END,
            CASE WHEN p_kind = 'email' AND v_user.email_confirmed THEN v_user.email_index
                WHEN p_kind = 'phone' AND v_user.phone_number_confirmed THEN v_user.phone_index END,
            p_undo_hash, p_now, p_until);
        INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
        SELECT m.id, m.channel, m.sealed, p_due_at, p_messages_expire_at
        FROM unnest(p_message_ids, p_channels, p_messages) AS m (id, channel, sealed);
    END IF;
    PERFORM identity.invitations_redeem(p_service_id, v_change.key, p_user_id, p_kind, v_change.name, p_now);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'contact_changed', p_user_id, p_now, jsonb_build_object('contact', p_kind));
    RETURN 'changed';
END
$$;
