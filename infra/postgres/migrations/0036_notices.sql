-- What people are told besides codes: who came in, what was changed, that money moved. Made from the feed of events by whichever front
-- door is at it, each event once: the messages are written in the transaction that moves the cursor past their events.

-- From where a user has logged in, as a digest of program and network under a key that the database does not have: none of both is
-- kept. The fifty that were seen last.
CREATE TABLE identity.devices (
    user_id text        NOT NULL,
    digest  bytea       NOT NULL,
    seen_at timestamptz NOT NULL,
    -- Whether a login comes from where its user has been.
    CONSTRAINT devices_pkey PRIMARY KEY (user_id, digest),
    CONSTRAINT devices_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT devices_digest_is_sha256 CHECK (octet_length(digest) = 32)
);

-- A user's, the newest first, for device_seen.
CREATE INDEX devices_seen_idx ON identity.devices (user_id, seen_at DESC);

-- Keeps from where a session was opened. Where its user was not there for p_known, that is an event; not the first time of all, which is
-- his sign-up. Always true.
CREATE FUNCTION identity.device_seen(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_digest bytea, p_program text, p_now timestamptz,
    p_known interval, p_most integer) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_known boolean;
    v_first boolean;
BEGIN
    SELECT count(*) = 0, coalesce(bool_or(d.digest = p_digest AND d.seen_at > p_now - p_known), false)
    INTO v_first, v_known
    FROM identity.devices d WHERE d.user_id = p_user_id;
    INSERT INTO identity.devices AS d (user_id, digest, seen_at) VALUES (p_user_id, p_digest, p_now)
    ON CONFLICT (user_id, digest) DO UPDATE SET seen_at = greatest(d.seen_at, p_now);
    IF v_known OR v_first THEN
        RETURN true;
    END IF;
    DELETE FROM identity.devices d
    WHERE d.user_id = p_user_id AND d.digest IN (
        SELECT o.digest FROM identity.devices o WHERE o.user_id = p_user_id ORDER BY o.seen_at DESC, o.digest OFFSET p_most);
    PERFORM identity.security_event(
        p_service_id, p_event_id, 'new_device', p_user_id, p_now,
        jsonb_build_object('sessionId', p_session_id, 'program', p_program));
    RETURN true;
END
$$;

-- How many notices of a kind somebody was sent in the present window, and how many were kept back, which one message tells at its end.
CREATE TABLE identity.notice_counts (
    user_id  text        NOT NULL,
    kind     text        NOT NULL,
    began_at timestamptz NOT NULL,
    sent     integer     NOT NULL,
    withheld integer     NOT NULL,
    -- A user's count.
    CONSTRAINT notice_counts_pkey PRIMARY KEY (user_id, kind),
    CONSTRAINT notice_counts_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);

-- Windows with something to tell at their end, for notice_digests_due.
CREATE INDEX notice_counts_withheld_idx ON identity.notice_counts (began_at) WHERE withheld > 0;

-- The page of events after the cursor: those of which somebody may be told, and the last of all, so that the cursor gets past the
-- others; and how many there were. One caller at a time: it has p_lease to write them, in which others find nothing. Not by a lock: what
-- is done in between asks other machines, and no transaction may wait for those.
CREATE FUNCTION identity.notices_read(p_service_id text, p_consumer text, p_types text[], p_limit integer, p_lease interval)
RETURNS TABLE (
    total bigint, from_xid xid8, from_id bigint, xid xid8, id bigint, event_id text, type text, subject text, owner text, occurred_at timestamptz,
    data jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_xid xid8;
    v_id  bigint;
BEGIN
    -- Most calls find nothing new. They end here, having written nothing.
    SELECT c.xid, c.id INTO v_xid, v_id FROM event_cursors c WHERE c.service_id = p_service_id AND c.consumer = p_consumer;
    IF NOT EXISTS (SELECT FROM events_read(p_service_id, coalesce(v_xid, '0'), coalesce(v_id, 0), 1)) THEN
        RETURN;
    END IF;
    INSERT INTO event_cursors (service_id, consumer, xid, id) VALUES (p_service_id, p_consumer, '0', 0) ON CONFLICT DO NOTHING;
    UPDATE event_cursors c SET taken_until = clock_timestamp() + p_lease
    WHERE c.service_id = p_service_id AND c.consumer = p_consumer AND (c.taken_until IS NULL OR c.taken_until < clock_timestamp())
    RETURNING c.xid, c.id INTO v_xid, v_id;
    IF NOT found THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH page AS MATERIALIZED (
        SELECT e.*, count(*) OVER () AS total, row_number() OVER (ORDER BY e.xid DESC, e.id DESC) AS from_the_end
        FROM events_read(p_service_id, v_xid, v_id, p_limit) AS e)
    SELECT p.total, v_xid, v_id, p.xid, p.id, p.event_id, p.type, p.subject, p.owner, p.occurred_at, p.data
    FROM page p
    WHERE p.type = ANY (p_types) OR p.from_the_end = 1
    ORDER BY p.xid, p.id;
END
$$;

-- Gives up what was read and is not written.
CREATE FUNCTION identity.notices_leave(p_service_id text, p_consumer text, p_from_xid xid8, p_from_id bigint) RETURNS void
LANGUAGE sql AS $$
    UPDATE event_cursors c SET taken_until = NULL
    WHERE c.service_id = p_service_id AND c.consumer = p_consumer AND c.xid = p_from_xid AND c.id = p_from_id
$$;

-- Counts a notice. True if it is sent, false if it is kept back for the end of the window. A window that has something to tell goes on
-- until it was told. One for which nothing was taken of the day's budget (p_paid) is kept back in any case: that there is room is no budget.
CREATE FUNCTION identity.notice_count(
    p_user_id text, p_kind text, p_most integer, p_window interval, p_now timestamptz, p_paid boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_sends boolean;
BEGIN
    -- Somebody who was removed meanwhile is told nothing.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id;
    IF NOT found THEN
        RETURN false;
    END IF;
    INSERT INTO identity.notice_counts AS c (user_id, kind, began_at, sent, withheld)
    VALUES (p_user_id, p_kind, p_now, p_paid::integer, (NOT p_paid)::integer)
    ON CONFLICT (user_id, kind) DO UPDATE
    SET began_at = CASE WHEN c.withheld = 0 AND c.began_at <= p_now - p_window THEN p_now ELSE c.began_at END,
        sent = CASE
            WHEN c.withheld = 0 AND c.began_at <= p_now - p_window THEN p_paid::integer
            WHEN c.withheld = 0 AND c.sent < p_most AND p_paid THEN c.sent + 1
            ELSE c.sent
        END,
        withheld = CASE
            WHEN c.withheld = 0 AND (c.began_at <= p_now - p_window OR c.sent < p_most) AND p_paid THEN 0
            ELSE c.withheld + 1
        END
    RETURNING withheld = 0 INTO v_sends;
    RETURN v_sends;
END
$$;

-- Writes the notices of a page of events and moves the cursor past it: both or neither. Null where somebody else has moved it; else
-- the channels by which there is something to send that does not wait. All users of the page first, in one order (0015): who had counted
-- something of one and then waited for his row would wait in a circle with whoever removes him.
CREATE FUNCTION identity.notices_write(
    p_service_id text, p_consumer text, p_from_xid xid8, p_from_id bigint, p_xid xid8, p_id bigint, p_users text[], p_kinds text[],
    p_most integer[], p_window interval, p_now timestamptz, p_ids text[], p_channels text[], p_bulk boolean[], p_sealed bytea[],
    p_paid boolean[], p_due_at timestamptz, p_expires_at timestamptz) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    v_channels text[] := '{}';
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = ANY (p_users) ORDER BY u.id FOR KEY SHARE;
    IF NOT event_cursor_move(p_service_id, p_consumer, p_from_xid, p_from_id, p_xid, p_id) THEN
        RETURN NULL;
    END IF;
    FOR i IN 1 .. cardinality(p_ids) LOOP
        -- A business's customer is no user, and is told what is within the day's budget.
        IF p_kinds[i] LIKE 'customer %' OR identity.notice_count(p_users[i], p_kinds[i], p_most[i], p_window, p_now, p_paid[i]) THEN
            INSERT INTO identity.messages (id, channel, bulk, sealed, due_at, expires_at)
            VALUES (p_ids[i], p_channels[i], p_bulk[i], p_sealed[i], p_due_at, p_expires_at);
            IF NOT p_bulk[i] THEN
                v_channels := array_append(v_channels, p_channels[i]);
            END IF;
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT unnest(v_channels));
END
$$;

-- Windows that are over and have something to tell.
CREATE FUNCTION identity.notice_digests_due(p_window interval, p_now timestamptz, p_limit integer)
RETURNS TABLE (user_id text, kind text, withheld integer)
LANGUAGE sql STABLE AS $$
    SELECT c.user_id, c.kind, c.withheld FROM identity.notice_counts c
    WHERE c.withheld > 0 AND c.began_at <= p_now - p_window
    ORDER BY c.began_at
    LIMIT p_limit
$$;

-- Puts off by a window what could not be told, so that it does not keep others from being told.
CREATE FUNCTION identity.notice_digest_put_off(p_user_id text, p_kind text, p_now timestamptz) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.notice_counts c SET began_at = p_now WHERE c.user_id = p_user_id AND c.kind = p_kind
$$;

-- Tells what was kept back in a window, once: false where somebody else has, or it has become more since it was read. Without a message
-- nobody is to be told any more.
CREATE FUNCTION identity.notice_digest_write(
    p_user_id text, p_kind text, p_withheld integer, p_window interval, p_now timestamptz, p_id text, p_channel text, p_sealed bytea,
    p_due_at timestamptz, p_expires_at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM identity.notice_counts c
    WHERE c.user_id = p_user_id AND c.kind = p_kind AND c.withheld = p_withheld AND c.began_at <= p_now - p_window;
    IF NOT found THEN
        RETURN false;
    END IF;
    IF p_sealed IS NOT NULL THEN
        INSERT INTO identity.messages (id, channel, bulk, sealed, due_at, expires_at)
        VALUES (p_id, p_channel, p_kind LIKE 'money %', p_sealed, p_due_at, p_expires_at);
    END IF;
    RETURN true;
END
$$;
