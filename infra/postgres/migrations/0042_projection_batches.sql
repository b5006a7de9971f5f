-- projection_advance as in 0008, but a batch is one call: the projection's function was looked up and planned anew for
-- every event. An event of a payment shows the payment whole, so of those of one payment in a batch only the last counts.
CREATE OR REPLACE FUNCTION projection_advance(p_service_id text, p_name text, p_limit integer) RETURNS integer
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

    -- unnest keeps the order, and the function is called row by row.
    EXECUTE format('SELECT count(%I(e)) FROM unnest($1) AS e', 'project_' || p_name) USING v_events;

    UPDATE projections
    SET xid = (v_events[cardinality(v_events)]).xid, id = (v_events[cardinality(v_events)]).id, moved_at = now()
    WHERE service_id = p_service_id AND name = p_name;
    RETURN v_count;
END
$$;
