-- What happened, in the order in which it was committed. Lists, audit, webhooks and live updates read from here.
-- xid is the writing transaction: a reader that stays below the oldest transaction in flight can skip nothing.
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
    -- Refuses an outbox that is written twice; also the lookup of one event by its id.
    CONSTRAINT events_event_id_key UNIQUE (event_id),
    CONSTRAINT events_type_given CHECK (type <> ''),
    CONSTRAINT events_subject_given CHECK (subject <> '')
);

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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

-- The next events after a cursor. Rows of transactions that are not older than every running one are held back:
-- such a transaction may still commit rows that sort before them.
CREATE FUNCTION events_read(p_service_id text, p_xid xid8, p_id bigint, p_limit integer) RETURNS SETOF events
LANGUAGE sql STABLE AS $$
    SELECT e.*
    FROM events e
    WHERE (e.xid, e.id) > (p_xid, p_id)
      AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
      AND e.service_id = p_service_id
    ORDER BY e.xid, e.id
    LIMIT p_limit
$$;

-- Where each named consumer of the feed stands.
CREATE TABLE event_cursors (
    service_id text        NOT NULL,
    consumer   text        NOT NULL,
    xid        xid8        NOT NULL,
    id         bigint      NOT NULL,
    moved_at   timestamptz NOT NULL DEFAULT now(),
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
    SET xid = p_xid, id = p_id, moved_at = now()
    WHERE service_id = p_service_id AND consumer = p_consumer AND xid = p_from_xid AND id = p_from_id;
    RETURN found;
END
$$;
