-- Open invitations: money that waits for whoever confirms a name. One is written in the transaction of the sender's wallet that reserves
-- the amount, and goes in the one that pays it, gives it up or takes it back. Of a name only the index is kept (0015), until its owner has
-- confirmed it; then also the name, encrypted under its owner's data key.
CREATE TABLE identity.invitations (
    service_id   text        NOT NULL,
    id           text        NOT NULL,
    -- The sender's.
    wallet       text        NOT NULL,
    name_digest  bytea       NOT NULL,
    expires_at   timestamptz NOT NULL,
    -- The right is fixed: by whom, the name as his row has it with its kind, and when the sender's wallet is to be told next. Null before.
    confirmed_at timestamptz,
    user_id      text,
    name_kind    text,
    name         bytea,
    due_at       timestamptz,
    tries        integer     NOT NULL DEFAULT 0,
    -- The one that its wallet gives up.
    CONSTRAINT invitations_pkey PRIMARY KEY (service_id, id),
    CONSTRAINT invitations_digest_is_sha256 CHECK (octet_length(name_digest) = 32),
    CONSTRAINT invitations_confirmed_whole CHECK (
        (confirmed_at IS NULL) = (user_id IS NULL) AND (user_id IS NULL) = (name IS NULL) AND (name IS NULL) = (name_kind IS NULL))
);

-- Those of a name: how many there are, and all of them when it is confirmed. One of each sender, so that nobody fills a name by himself.
CREATE UNIQUE INDEX invitations_name_idx ON identity.invitations (service_id, name_digest, wallet);

-- Those of which wallets are to be told, for invitations_take.
CREATE INDEX invitations_due_idx ON identity.invitations (service_id, due_at) WHERE due_at IS NOT NULL;

-- Whether somebody invited him: his account is opened from the part of the day's budget that is kept for such.
ALTER TABLE identity.users ADD COLUMN invited boolean NOT NULL DEFAULT false;

-- Who invites somebody and who confirms that name wait for each other: else one that is made while the name is being confirmed would be
-- seen by neither. Ends with the transaction.
CREATE FUNCTION identity.invited_name_lock(p_service_id text, p_digest bytea) RETURNS void
LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('invited ' || p_service_id || ' ' || encode(p_digest, 'hex'), 0))
$$;

-- What wallets have invited of late, taken back or not: each was a message to somebody who did not ask for it. Few of a name, and gone
-- soon after they count no more.
CREATE TABLE identity.invited_names (
    service_id  text        NOT NULL,
    -- The sender's.
    wallet      text        NOT NULL,
    name_digest bytea       NOT NULL,
    id          text        NOT NULL,
    invited_at  timestamptz NOT NULL,
    -- How often a wallet has invited a name; what an erased user's wallet has.
    CONSTRAINT invited_names_pkey PRIMARY KEY (service_id, wallet, name_digest, id),
    CONSTRAINT invited_names_digest_is_sha256 CHECK (octet_length(name_digest) = 32)
);

-- The oldest, which the next invitation removes.
CREATE INDEX invited_names_invited_idx ON identity.invited_names (service_id, invited_at);

-- From when on a wallet may invite a name again that it has invited p_most times within p_window; null where it may now, or where one
-- is open and that is why it may not.
CREATE FUNCTION identity.invited_again_at(
    p_service_id text, p_wallet text, p_digest bytea, p_most integer, p_window interval, p_now timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT n.invited_at + p_window
    FROM identity.invited_names n
    WHERE n.service_id = p_service_id AND n.wallet = p_wallet AND n.name_digest = p_digest AND n.invited_at > p_now - p_window
      AND NOT EXISTS (
          SELECT FROM identity.invitations i
          WHERE i.service_id = p_service_id AND i.name_digest = p_digest AND i.wallet = p_wallet)
    ORDER BY n.invited_at DESC
    OFFSET p_most - 1
    LIMIT 1
$$;

-- What a write of a wallet does to its invitations. Refused as a whole with SP010 where a name has been invited as often as may be, SP011
-- where it is somebody's, or kept for somebody, SP012 where one is to end whose name was confirmed in time, SP013 where one is to be a
-- user's who has not confirmed its name (that wallets are told of it by front doors is no reason to pay), SP014 where the wallet invites
-- the name already, and SP015 where it has done so too often of late.
CREATE FUNCTION identity.invitations_apply(p_service_id text, p_wallet text, p_marks jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_ended  jsonb := coalesce(p_marks -> 'ended', '[]');
    v_new    jsonb;
    v_digest bytea;
BEGIN
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(coalesce(p_marks -> 'confirmed', '[]')) AS c (id text, "user" text)
        WHERE NOT EXISTS (
            SELECT FROM identity.invitations i
            WHERE i.service_id = p_service_id AND i.wallet = p_wallet AND i.id = c.id AND i.user_id = c."user"))
    THEN
        RAISE EXCEPTION 'an invitation of % was not confirmed by whom it is said to be', p_wallet USING ERRCODE = 'SP013';
    END IF;
    -- The wallet knows of it: from here on its own state has the right.
    DELETE FROM identity.invitations i
    WHERE i.service_id = p_service_id AND i.wallet = p_wallet
      AND i.id IN (SELECT jsonb_array_elements_text(coalesce(p_marks -> 'taken', '[]')));
    DELETE FROM identity.invitations i
    WHERE i.service_id = p_service_id AND i.wallet = p_wallet AND i.confirmed_at IS NULL
      AND i.id IN (SELECT jsonb_array_elements_text(v_ended));
    IF EXISTS (
        SELECT FROM identity.invitations i
        WHERE i.service_id = p_service_id AND i.wallet = p_wallet AND i.id IN (SELECT jsonb_array_elements_text(v_ended)))
    THEN
        RAISE EXCEPTION 'an invitation of % was confirmed in time', p_wallet USING ERRCODE = 'SP012';
    END IF;

    FOR v_new IN SELECT jsonb_array_elements(coalesce(p_marks -> 'opened', '[]')) LOOP
        v_digest := decode(v_new ->> 'digest', 'base64');
        PERFORM identity.invited_name_lock(p_service_id, v_digest);
        IF identity.contact_is_anothers('', v_new ->> 'kind', v_digest, (v_new ->> 'at')::timestamptz) THEN
            RAISE EXCEPTION 'the name of invitation % is somebody''s', v_new ->> 'id' USING ERRCODE = 'SP011';
        END IF;
        IF EXISTS (
            SELECT FROM identity.invitations i
            WHERE i.service_id = p_service_id AND i.name_digest = v_digest AND i.wallet = p_wallet)
        THEN
            RAISE EXCEPTION 'the name of invitation % is invited by % already', v_new ->> 'id', p_wallet USING ERRCODE = 'SP014';
        END IF;
        IF (SELECT count(*) FROM identity.invited_names n
            WHERE n.service_id = p_service_id AND n.wallet = p_wallet AND n.name_digest = v_digest
              AND n.invited_at > (v_new ->> 'since')::timestamptz)
            >= (v_new ->> 'often')::integer
        THEN
            RAISE EXCEPTION 'the name of invitation % was invited by % too often of late', v_new ->> 'id', p_wallet USING ERRCODE = 'SP015';
        END IF;
        IF (SELECT count(*) FROM identity.invitations i WHERE i.service_id = p_service_id AND i.name_digest = v_digest)
            >= (v_new ->> 'most')::integer
        THEN
            RAISE EXCEPTION 'the name of invitation % was invited too often', v_new ->> 'id' USING ERRCODE = 'SP010';
        END IF;
        INSERT INTO identity.invitations (service_id, id, wallet, name_digest, expires_at)
        VALUES (p_service_id, v_new ->> 'id', p_wallet, v_digest, (v_new ->> 'expiresAt')::timestamptz);
        INSERT INTO identity.invited_names (service_id, wallet, name_digest, id, invited_at)
        VALUES (p_service_id, p_wallet, v_digest, v_new ->> 'id', (v_new ->> 'at')::timestamptz);
        INSERT INTO identity.messages (id, channel, sealed, due_at, expires_at)
        SELECT m ->> 'id', m ->> 'channel', decode(m ->> 'sealed', 'base64'), (m ->> 'dueAt')::timestamptz, (m ->> 'expiresAt')::timestamptz
        FROM (SELECT v_new -> 'message' AS m) AS message
        WHERE jsonb_typeof(m) = 'object';
        -- More than are added. Other people's: nobody waits for them while they are held.
        DELETE FROM identity.invited_names d
        USING (
            SELECT n.wallet, n.name_digest, n.id FROM identity.invited_names n
            WHERE n.service_id = p_service_id AND n.invited_at <= (v_new ->> 'since')::timestamptz
            ORDER BY n.invited_at
            LIMIT 10
            FOR UPDATE SKIP LOCKED) AS old
        WHERE d.service_id = p_service_id AND d.wallet = old.wallet AND d.name_digest = old.name_digest AND d.id = old.id;
    END LOOP;
END
$$;

-- A name is a user's from this transaction on: what waits for it is his, if its time is not over. How many there are.
CREATE FUNCTION identity.invitations_redeem(
    p_service_id text, p_digest bytea, p_user_id text, p_kind text, p_name bytea, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_count integer;
BEGIN
    PERFORM identity.invited_name_lock(p_service_id, p_digest);
    UPDATE identity.invitations i
    SET confirmed_at = p_now, user_id = p_user_id, name_kind = p_kind, name = p_name, due_at = '-infinity'
    WHERE i.service_id = p_service_id AND i.name_digest = p_digest AND i.confirmed_at IS NULL AND i.expires_at > p_now;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count > 0 THEN
        UPDATE identity.users u SET invited = true WHERE u.id = p_user_id;
    END IF;
    RETURN v_count;
END
$$;

-- Takes some of those of which wallets are to be told; each is due again later, unless its wallet has taken it. Of processes that ask at
-- once none waits for another. The pause doubles with each try, from one second to about four minutes.
CREATE FUNCTION identity.invitations_take(p_service_id text, p_now timestamptz, p_limit integer)
RETURNS TABLE (id text, wallet text, user_id text, name_kind text, name bytea)
LANGUAGE sql AS $$
    WITH due AS (
        SELECT n.id FROM identity.invitations n
        WHERE n.service_id = p_service_id AND n.due_at <= p_now
        ORDER BY n.due_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED)
    UPDATE identity.invitations n
    SET tries = n.tries + 1, due_at = p_now + interval '1 second' * (1 << least(n.tries, 8))
    FROM due
    WHERE n.service_id = p_service_id AND n.id = due.id
    RETURNING n.id, n.wallet, n.user_id, n.name_kind, n.name
$$;
