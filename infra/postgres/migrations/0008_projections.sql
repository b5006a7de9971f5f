-- Read tables made from events. A projection called x is a function project_x(events[]), which takes events into its tables in their
-- order, and a function forget_x(service_id), which empties them. Rows and cursor move in one transaction, so that
-- an event is taken in exactly once, however often this is stopped or run side by side.
CREATE TABLE projections (
    service_id text        NOT NULL,
    name       text        NOT NULL,
    xid        xid8        NOT NULL DEFAULT '0',
    id         bigint      NOT NULL DEFAULT 0,
    moved_at   timestamptz NOT NULL DEFAULT now(),
    -- The cursor of one projection, locked while it advances.
    CONSTRAINT projections_pkey PRIMARY KEY (service_id, name)
);

-- Events that a projection cannot take in, whatever it tries: what they show is missing until the projection is rebuilt by
-- a version that can.
CREATE TABLE projection_set_aside (
    service_id   text        NOT NULL,
    name         text        NOT NULL,
    xid          xid8        NOT NULL,
    id           bigint      NOT NULL,
    event_id     text        NOT NULL,
    sqlstate     text        NOT NULL,
    problem      text        NOT NULL,
    set_aside_at timestamptz NOT NULL DEFAULT now(),
    -- The count that an operator is shown, and projection_reset.
    CONSTRAINT projection_set_aside_pkey PRIMARY KEY (service_id, name, xid, id)
);

-- Whether trying again may help: everything but what is in the data itself (22 data, 23 constraints, 54 limits, P0 and 21
-- what a function says of its argument).
CREATE FUNCTION projection_may_pass(p_sqlstate text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT left(p_sqlstate, 2) NOT IN ('21', '22', '23', '54', 'P0')
$$;

-- Takes in events one by one, and sets those aside that cannot be taken in.
CREATE FUNCTION projection_take_singly(p_service_id text, p_name text, p_xid xid8, p_id bigint, p_count integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_event   events;
    v_problem text;
BEGIN
    FOR v_event IN SELECT * FROM events_read(p_service_id, p_xid, p_id, p_count) LOOP
        BEGIN
            EXECUTE format('SELECT %I($1)', 'project_' || p_name) USING ARRAY[v_event];
        EXCEPTION WHEN OTHERS THEN
            IF projection_may_pass(SQLSTATE) THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS v_problem = MESSAGE_TEXT;
            INSERT INTO projection_set_aside (service_id, name, xid, id, event_id, sqlstate, problem)
            VALUES (p_service_id, p_name, v_event.xid, v_event.id, v_event.event_id, SQLSTATE, v_problem)
            ON CONFLICT DO NOTHING;
        END;
    END LOOP;
END
$$;

-- Takes in the next events, at most p_limit, and returns how many. Returns 0 as well while someone else is at it. A
-- batch is one call, so that the projection's function is looked up and planned once. An event of a payment shows the
-- payment whole, so of those of one payment in a batch only the last counts.
CREATE FUNCTION projection_advance(p_service_id text, p_name text, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_cursor projections;
    v_events events[];
    v_count  integer;
BEGIN
    -- Most calls find nothing new. They end here, having written and locked nothing.
    SELECT * INTO v_cursor FROM projections WHERE service_id = p_service_id AND name = p_name;
    IF NOT EXISTS (
        SELECT FROM events_read(p_service_id, coalesce(v_cursor.xid, '0'), coalesce(v_cursor.id, 0), 1)
    ) THEN
        RETURN 0;
    END IF;

    INSERT INTO projections (service_id, name) VALUES (p_service_id, p_name) ON CONFLICT DO NOTHING;
    SELECT * INTO v_cursor
    FROM projections
    WHERE service_id = p_service_id AND name = p_name
    FOR UPDATE SKIP LOCKED;
    IF NOT found THEN
        RETURN 0;
    END IF;

    -- The last event of all is the last of its payment too, so it is always among those that are kept.
    SELECT count(*),
           array_agg(r.e ORDER BY (r.e).xid, (r.e).id) FILTER (
               WHERE (r.e).type NOT LIKE 'payment.%' OR (r.e).id = r.last_id)
    INTO v_count, v_events
    FROM (
        SELECT e, max(e.id) OVER (PARTITION BY e.subject) AS last_id
        FROM events_read(p_service_id, v_cursor.xid, v_cursor.id, p_limit) AS e
    ) AS r;
    IF v_count = 0 THEN
        RETURN 0;
    END IF;

    BEGIN
        EXECUTE format('SELECT %I($1)', 'project_' || p_name) USING v_events;
    EXCEPTION WHEN OTHERS THEN
        IF projection_may_pass(SQLSTATE) THEN
            RAISE;
        END IF;
        -- One of them would be tried for ever, and nothing after it taken in.
        PERFORM projection_take_singly(p_service_id, p_name, v_cursor.xid, v_cursor.id, v_count);
    END;

    UPDATE projections
    SET xid = (v_events[cardinality(v_events)]).xid, id = (v_events[cardinality(v_events)]).id, moved_at = now()
    WHERE service_id = p_service_id AND name = p_name;
    RETURN v_count;
END
$$;

-- Empties a projection's tables and sends it back to the first event.
CREATE FUNCTION projection_reset(p_service_id text, p_name text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projections (service_id, name) VALUES (p_service_id, p_name) ON CONFLICT DO NOTHING;
    PERFORM FROM projections WHERE service_id = p_service_id AND name = p_name FOR UPDATE;
    EXECUTE format('SELECT %I($1)', 'forget_' || p_name) USING p_service_id;
    DELETE FROM projection_set_aside WHERE service_id = p_service_id AND name = p_name;
    UPDATE projections
    SET xid = '0', id = 0, moved_at = now()
    WHERE service_id = p_service_id AND name = p_name;
END
$$;

-- The largest transaction id that is stored, where this cluster has not come to it yet; else null. A logical dump that was
-- restored into a new cluster has ids of the old one: new events would come before old ones, and readers would miss them.
CREATE FUNCTION stored_xid_ahead() RETURNS xid8
LANGUAGE sql STABLE AS $$
    SELECT max(x.xid)
    FROM (
        (SELECT e.xid FROM events e ORDER BY e.xid DESC, e.id DESC LIMIT 1)
        UNION ALL
        (SELECT p.xid FROM projections p)
    ) AS x
    WHERE x.xid >= pg_snapshot_xmax(pg_current_snapshot())
$$;
