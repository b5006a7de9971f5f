-- What a merchant has made, in the order in which it was made: found as soon as it is there, for the write that makes it puts it here in
-- the same statement. Pages go by number, never by id or time, of which two silos have two orders.
CREATE TABLE object_lists (
    service_id text        NOT NULL,
    scope      text        NOT NULL,
    kind       text        NOT NULL,
    number     bigint      GENERATED ALWAYS AS IDENTITY,
    id         text        NOT NULL,
    created_at timestamptz NOT NULL,
    -- A page of a list.
    CONSTRAINT object_lists_pkey PRIMARY KEY (service_id, scope, kind, number)
);

-- The place of an object, after or before which a page begins; and each only once.
CREATE UNIQUE INDEX object_lists_id ON object_lists (service_id, kind, id);

-- Writes what a state carries under listed, [{"scope","kind","id","at"}, …].
CREATE FUNCTION object_lists_add(p_service_id text, p_listed jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO object_lists (service_id, scope, kind, id, created_at)
    SELECT p_service_id, e.value ->> 'scope', e.value ->> 'kind', e.value ->> 'id', (e.value ->> 'at')::timestamptz
    FROM jsonb_array_elements(p_listed) AS e (value)
$$;

-- A page of a list, newest first, with what is stored of each: after one of them (p_after), or the ones before it (p_before), which
-- come newest first too. Nothing where the one is not in the list.
CREATE FUNCTION object_list_page(
    p_service_id text, p_scope text, p_kind text, p_after text, p_before text, p_status text, p_limit integer)
RETURNS TABLE (id text, payload bytea)
LANGUAGE sql STABLE AS $$
    WITH bounds AS (
        SELECT (SELECT l.number FROM object_lists l
                WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.id = p_after) AS below,
               (SELECT l.number FROM object_lists l
                WHERE l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind AND l.id = p_before) AS above
    ), page AS (
        (SELECT l.number, l.id
         FROM bounds b
         JOIN object_lists l ON l.number < coalesce(b.below, CASE WHEN p_after IS NULL THEN 9223372036854775807 END)
         JOIN grain_state s ON s.service_id = l.service_id AND s.state_name = l.kind AND s.grain_key = l.id
         WHERE p_before IS NULL AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind
           AND (p_status IS NULL OR coalesce(s.payload ->> 'status', 'Created') = p_status)
         ORDER BY l.number DESC
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM bounds b
         JOIN object_lists l ON l.number > b.above
         JOIN grain_state s ON s.service_id = l.service_id AND s.state_name = l.kind AND s.grain_key = l.id
         WHERE p_before IS NOT NULL AND l.service_id = p_service_id AND l.scope = p_scope AND l.kind = p_kind
           AND (p_status IS NULL OR coalesce(s.payload ->> 'status', 'Created') = p_status)
         ORDER BY l.number
         LIMIT p_limit)
    )
    SELECT p.id, r.payload
    FROM page p
    CROSS JOIN LATERAL grain_state_read(p_service_id, p_kind, p.id) r
    ORDER BY p.number DESC
$$;
