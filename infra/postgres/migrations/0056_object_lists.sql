-- What a merchant has made, in the order in which it was made: found as soon as it is there, for the write that makes it puts it here in
-- the same statement. Pages go by number, never by id or time, of which two silos have two orders.
CREATE TABLE object_lists (
    service_id text        NOT NULL,
    scope      text        NOT NULL,
    kind       text        NOT NULL,
    number     bigint      GENERATED ALWAYS AS IDENTITY,
    id         text        NOT NULL,
    created_at timestamptz NOT NULL,
    -- As the state writes it, and changed in the statement that writes it; null for what has none.
    status     text,
    -- The payment link or the invoice that it was made by; null for neither. Never changed.
    origin     text,
    -- Whether created_at is another time than that at which it was put here, by more than a minute: what is made under a test clock is so.
    -- Of all others the order of the numbers is that of the times, but for what was made within a few minutes.
    is_stray   boolean     NOT NULL DEFAULT false,
    -- A page of a list.
    CONSTRAINT object_lists_pkey PRIMARY KEY (service_id, scope, kind, number)
);

-- The place of an object, after or before which a page begins; and each only once.
CREATE UNIQUE INDEX object_lists_id ON object_lists (service_id, kind, id);

-- A page of a list of one status.
CREATE INDEX object_lists_status_idx ON object_lists (service_id, scope, kind, status, number) WHERE status IS NOT NULL;

-- A page of a list of what one link or invoice made.
CREATE INDEX object_lists_origin_idx ON object_lists (service_id, scope, kind, origin, number) WHERE origin IS NOT NULL;

-- Where what was made in a time begins and ends in a list.
CREATE INDEX object_lists_created_idx ON object_lists (service_id, scope, kind, created_at) INCLUDE (number) WHERE NOT is_stray;

-- Which strays were made in a time.
CREATE INDEX object_lists_stray_idx ON object_lists (service_id, scope, kind, created_at) INCLUDE (number, id, status, origin) WHERE is_stray;

-- Writes what a state carries under listed, [{"scope","kind","id","at","status","origin"}, …]: what is new, and what has another status than before.
CREATE FUNCTION object_lists_add(p_service_id text, p_listed jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- By the one index that it names, whatever a plan was made for that is as old as the table was empty.
    INSERT INTO object_lists AS l (service_id, scope, kind, id, created_at, status, origin, is_stray)
    SELECT p_service_id, e.value ->> 'scope', e.value ->> 'kind', e.value ->> 'id', (e.value ->> 'at')::timestamptz, e.value ->> 'status',
           e.value ->> 'origin',
           (e.value ->> 'at')::timestamptz NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp() + interval '1 minute'
    FROM jsonb_array_elements(p_listed) AS e (value)
    ON CONFLICT (service_id, kind, id) DO UPDATE SET status = excluded.status;
END
$$;

-- A page of a list, newest first, with what is stored of each: after one of them (p_after), or the ones before it (p_before), which
-- come newest first too. Nothing where the one is not in the list. A branch each, so that each has its own index, whatever the plan is
-- made for: the strays of a time, of what one link or invoice made, of one status, and of all. But for the strays each is walked by number,
-- and of a time between its bounds: all of a time is never read for a page of it.
CREATE FUNCTION object_list_page(
    p_service_id text, p_scope text, p_kind text, p_after text, p_before text, p_status text, p_origin text, p_from timestamptz,
    p_to timestamptz, p_limit integer)
RETURNS TABLE (id text, payload bytea)
LANGUAGE sql STABLE AS $$
    WITH cursors AS (
        -- By the index of the ids, whatever a plan is made for.
        SELECT CASE
                   WHEN p_after IS NULL THEN 9223372036854775807
                   ELSE coalesce(
                       (SELECT o.number
                        FROM (
                            SELECT l.number, l.scope FROM object_lists l
                            WHERE l.service_id = p_service_id AND l.kind = p_kind AND l.id = p_after
                            OFFSET 0) o
                        WHERE o.scope = p_scope),
                       0)
               END AS below,
               CASE
                   WHEN p_before IS NULL THEN 0
                   ELSE coalesce(
                       (SELECT o.number
                        FROM (
                            SELECT l.number, l.scope FROM object_lists l
                            WHERE l.service_id = p_service_id AND l.kind = p_kind AND l.id = p_before
                            OFFSET 0) o
                        WHERE o.scope = p_scope),
                       9223372036854775807)
               END AS above
    ), bounds AS (
        -- All that was made in the time lies between the last that was made minutes before it and the first that was made minutes after it.
        -- Where that is strays alone, nothing is to be walked.
        SELECT CASE
                WHEN (p_from IS NULL AND p_to IS NULL) OR (
                    SELECT true FROM object_lists l
                    WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND NOT l.is_stray
                      AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
                    ORDER BY l.created_at LIMIT 1)
                THEN least(c.below,
                    (SELECT l.number FROM object_lists l
                     WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND NOT l.is_stray
                       AND l.created_at > p_to + interval '5 minutes'
                     ORDER BY l.created_at LIMIT 1))
                ELSE 0
               END AS below,
               greatest(c.above,
                (SELECT l.number FROM object_lists l
                 WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND NOT l.is_stray
                   AND l.created_at < p_from - interval '5 minutes'
                 ORDER BY l.created_at DESC LIMIT 1)) AS above
        FROM cursors c
    ), page AS (
        (SELECT m.number, m.id
         FROM (
              SELECT l.number, l.id
              FROM object_lists l
              WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.is_stray
                AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
                AND (p_status IS NULL OR l.status = p_status) AND (p_origin IS NULL OR l.origin = p_origin)
              OFFSET 0) m
         WHERE p_before IS NULL AND (p_from IS NOT NULL OR p_to IS NOT NULL)
           AND m.number < (SELECT c.below FROM cursors c) AND m.number > (SELECT c.above FROM cursors c)
         ORDER BY m.number DESC
         LIMIT p_limit)
        UNION ALL
        (SELECT m.number, m.id
         FROM (
              SELECT l.number, l.id
              FROM object_lists l
              WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.is_stray
                AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
                AND (p_status IS NULL OR l.status = p_status) AND (p_origin IS NULL OR l.origin = p_origin)
              OFFSET 0) m
         WHERE p_before IS NOT NULL AND (p_from IS NOT NULL OR p_to IS NOT NULL)
           AND m.number < (SELECT c.below FROM cursors c) AND m.number > (SELECT c.above FROM cursors c)
         ORDER BY m.number
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NULL
           AND (p_status IS NULL OR l.status = p_status)
           AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.origin = p_origin
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number DESC
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NOT NULL
           AND (p_status IS NULL OR l.status = p_status)
           AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.origin = p_origin
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NULL AND p_status IS NULL AND p_origin IS NULL
           AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number DESC
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NOT NULL AND p_status IS NULL AND p_origin IS NULL
           AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NULL AND p_origin IS NULL
           AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.status = p_status
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number DESC
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NOT NULL AND p_origin IS NULL
           AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.status = p_status
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number
         LIMIT p_limit)
    ), nearest AS (
        SELECT p.number, p.id FROM page p
        ORDER BY CASE WHEN p_before IS NULL THEN -p.number ELSE p.number END
        LIMIT p_limit
    )
    SELECT p.id, r.payload
    FROM nearest p
    -- Each by its key: where nobody has counted the states yet, they would all be read to find these.
    CROSS JOIN LATERAL (SELECT s.payload FROM grain_state_read(p_service_id, p_kind, p.id) s OFFSET 0) r
    ORDER BY p.number DESC
$$;
