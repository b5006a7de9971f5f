-- What happened, in the order in which it was committed. Lists, audit, webhooks and live updates read from here.
-- xid is the writing transaction: a reader that stays below the oldest transaction in flight can skip nothing.
-- Partitions are ranges of xid, so that (xid, id) stays the key, and a reader who says where it stands leaves old ones out.
-- No index refuses an event that comes twice: it is written with the state, or the row, that it tells of, whose version or
-- key refuses a second time.
CREATE TABLE events (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    xid         xid8        NOT NULL DEFAULT pg_current_xact_id(),
    event_id    text        NOT NULL,
    service_id  text        NOT NULL,
    type        text        NOT NULL,
    subject     text        NOT NULL,
    owner       text,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    data        jsonb       NOT NULL,
    -- Feed: events_read, a range scan from a consumer's cursor.
    CONSTRAINT events_pkey PRIMARY KEY (xid, id),
    CONSTRAINT events_type_given CHECK (type <> ''),
    CONSTRAINT events_subject_given CHECK (subject <> '')
) PARTITION BY RANGE (xid);

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Guards a whole table against change. Of a partitioned one each partition needs it too: a statement that names a partition
-- does not fire the triggers of the table above.
CREATE FUNCTION append_only(p_table text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
        p_table || '_append_only', p_table);
END
$$;

SELECT append_only('events');

-- The partitions of events, each from its xid to the next one's. The last one has no end: a write always finds its place.
CREATE TABLE events_partitions (
    name       text        NOT NULL CONSTRAINT events_partitions_pkey PRIMARY KEY,
    from_xid   xid8        NOT NULL CONSTRAINT events_partitions_from_xid_key UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Where the last one is to be cut; null until it is decided.
    cut_xid    xid8
);

CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
SELECT append_only('events_1');
INSERT INTO events_partitions (name, from_xid) VALUES ('events_1', '0');

-- Decides where the last partition is cut, if it is older than p_age: at a transaction p_ahead from now, days away. The
-- check that proves it is added without a look at the rows, and then validated beside the writers; so the cut itself need not
-- look either. Past the mark the check would refuse writes: a cut that has not come about by half of the way is given up,
-- which is tried each minute of the other half. Returns whether there is something to cut.
CREATE FUNCTION events_cut_prepare(p_age interval, p_ahead bigint) RETURNS boolean
LANGUAGE plpgsql
SET lock_timeout = '250ms' AS $$
DECLARE
    v_last events_partitions;
    v_now  numeric := pg_snapshot_xmax(pg_current_snapshot())::text::numeric;
    v_cut  xid8;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('events_cut')) THEN
        RETURN false;
    END IF;
    SELECT * INTO v_last FROM events_partitions ORDER BY from_xid DESC LIMIT 1;
    IF v_last.cut_xid IS NULL THEN
        IF v_last.created_at > now() - p_age THEN
            RETURN false;
        END IF;
        v_cut := (v_now + p_ahead)::text::xid8;
        EXECUTE format(
            'ALTER TABLE %I ADD CONSTRAINT events_range CHECK (xid IS NOT NULL AND xid >= %L::xid8 AND xid < %L::xid8) NOT VALID',
            v_last.name, v_last.from_xid, v_cut);
        UPDATE events_partitions SET cut_xid = v_cut WHERE name = v_last.name;
    ELSIF v_last.cut_xid::text::numeric - v_now < p_ahead / 2 THEN
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT events_range', v_last.name);
        UPDATE events_partitions SET cut_xid = NULL WHERE name = v_last.name;
        RETURN false;
    END IF;
    RETURN true;
END
$$;

-- Validates the check of the partition that is to be cut. Writers go on.
CREATE FUNCTION events_cut_validate() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_name text;
BEGIN
    SELECT name INTO v_name FROM events_partitions WHERE cut_xid IS NOT NULL ORDER BY from_xid DESC LIMIT 1;
    IF v_name IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I VALIDATE CONSTRAINT events_range', v_name);
    END IF;
END
$$;

-- Cuts: the last partition ends at its mark, and a new one begins there. It holds writers up for the moment that takes,
-- and gives up rather than wait for long. Returns the new partition's name; null where nothing is to be cut.
CREATE FUNCTION events_cut() RETURNS text
LANGUAGE plpgsql
SET lock_timeout = '250ms' AS $$
DECLARE
    v_last events_partitions;
    v_new  text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('events_cut'));
    SELECT * INTO v_last FROM events_partitions ORDER BY from_xid DESC LIMIT 1;
    IF v_last.cut_xid IS NULL THEN
        RETURN NULL;
    END IF;
    v_new := 'events_' || ((SELECT count(*) FROM events_partitions) + 1);
    EXECUTE format('ALTER TABLE events DETACH PARTITION %I', v_last.name);
    EXECUTE format(
        'ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', v_last.name, v_last.from_xid, v_last.cut_xid);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT events_range', v_last.name);
    EXECUTE format('CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (MAXVALUE)', v_new, v_last.cut_xid);
    PERFORM append_only(v_new);
    INSERT INTO events_partitions (name, from_xid) VALUES (v_new, v_last.cut_xid);
    UPDATE events_partitions SET cut_xid = NULL WHERE name = v_last.name;
    RETURN v_new;
END
$$;

-- Appends an outbox, [{"id","type","at","subject","owner","data"}, …], in its order.
CREATE FUNCTION events_append(p_service_id text, p_outbox jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF jsonb_array_length(p_outbox) > 1000 THEN
        RAISE EXCEPTION 'an outbox holds at most 1000 events, this one has %', jsonb_array_length(p_outbox)
            USING ERRCODE = 'program_limit_exceeded';
    END IF;
    INSERT INTO events (event_id, service_id, type, subject, owner, occurred_at, data)
    SELECT e.value ->> 'id',
           p_service_id,
           e.value ->> 'type',
           e.value ->> 'subject',
           e.value ->> 'owner',
           (e.value ->> 'at')::timestamptz,
           coalesce(e.value -> 'data', '{}')
    FROM jsonb_array_elements(p_outbox) WITH ORDINALITY AS e (value, position)
    ORDER BY e.position;
END
$$;

-- The id of an event that a statement makes: its time, as in all ids, and a digest of what it is. It looks as ids that are made by chance.
CREATE FUNCTION event_id_at(p_at timestamptz, p_of text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'evt_' || (
               SELECT string_agg(
                   substr('0123456789abcdefghjkmnpqrstvwxyz', ((m.milliseconds >> (48 - 5 * n.n)) & 31)::integer + 1, 1), '' ORDER BY n.n)
               FROM generate_series(1, 9) AS n (n))
           || left(encode(sha256(convert_to(p_of, 'UTF8')), 'hex'), 15)
    FROM (SELECT (extract(epoch FROM p_at) * 1000)::bigint AS milliseconds) AS m
$$;

-- The next events after a cursor. Rows of transactions that are not older than every running one are held back:
-- such a transaction may still commit rows that sort before them.
CREATE FUNCTION events_read(p_service_id text, p_xid xid8, p_id bigint, p_limit integer) RETURNS SETOF events
LANGUAGE sql STABLE AS $$
    SELECT e.*
    FROM events e
    -- The first line leaves out the partitions that lie before the cursor; the second alone would not.
    WHERE e.xid >= p_xid
      AND (e.xid, e.id) > (p_xid, p_id)
      AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
      AND e.service_id = p_service_id
    ORDER BY e.xid, e.id
    LIMIT p_limit
$$;

-- Whether events are committed that events_read does not give yet. Whoever was told of events looks again until this is false.
CREATE FUNCTION events_held_back(p_service_id text) RETURNS TABLE (held_back boolean)
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM events e
        WHERE e.xid >= pg_snapshot_xmin(pg_current_snapshot()) AND e.service_id = p_service_id)
$$;

-- Where each named consumer of the feed stands.
CREATE TABLE event_cursors (
    service_id text        NOT NULL,
    consumer   text        NOT NULL,
    xid        xid8        NOT NULL,
    id         bigint      NOT NULL,
    moved_at   timestamptz NOT NULL DEFAULT now(),
    -- Until when somebody is at what comes next, where that takes more than a statement; null where nobody is.
    taken_until timestamptz,
    -- Cursor of one consumer: read at start, compared and set after each batch.
    CONSTRAINT event_cursors_pkey PRIMARY KEY (service_id, consumer)
);

-- Compare and set: moves the cursor only if it still stands where the caller read it. The start, ('0', 0), needs no
-- row.
CREATE FUNCTION event_cursor_move(
    p_service_id text, p_consumer text, p_from_xid xid8, p_from_id bigint, p_xid xid8, p_id bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    IF p_from_xid = '0' AND p_from_id = 0 THEN
        INSERT INTO event_cursors (service_id, consumer, xid, id) VALUES (p_service_id, p_consumer, '0', 0)
        ON CONFLICT DO NOTHING;
    END IF;
    UPDATE event_cursors
    SET xid = p_xid, id = p_id, moved_at = now(), taken_until = NULL
    WHERE service_id = p_service_id AND consumer = p_consumer AND xid = p_from_xid AND id = p_from_id;
    RETURN found;
END
$$;
