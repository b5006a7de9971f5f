-- A merchant's refunds. What is stored of one is a row of its session's state; object_lists has it as soon as it is there. docs/decisions/0059.

-- A page of a merchant's refunds, newest first, with what is stored of each, and of nothing else of its session, which is large: after one
-- of them (p_after), or the ones before it (p_before), which come newest first too. Nothing where the one is not in the list.
CREATE FUNCTION refund_page(
    p_service_id text, p_merchant text, p_after text, p_before text, p_from timestamptz, p_to timestamptz, p_limit integer)
RETURNS TABLE (id text, session text, payload bytea)
LANGUAGE sql STABLE AS $$
    WITH cursors AS (
        -- By the index of the ids, whatever a plan is made for.
        SELECT CASE
                   WHEN p_after IS NULL THEN 9223372036854775807
                   ELSE coalesce(
                       (SELECT o.number
                        FROM (
                            SELECT l.number, l.scope FROM object_lists l
                            WHERE l.service_id = p_service_id AND l.kind = 'refund' AND l.id = p_after
                            OFFSET 0) o
                        WHERE o.scope = p_merchant),
                       0)
               END AS below,
               CASE
                   WHEN p_before IS NULL THEN 0
                   ELSE coalesce(
                       (SELECT o.number
                        FROM (
                            SELECT l.number, l.scope FROM object_lists l
                            WHERE l.service_id = p_service_id AND l.kind = 'refund' AND l.id = p_before
                            OFFSET 0) o
                        WHERE o.scope = p_merchant),
                       9223372036854775807)
               END AS above
    ), bounds AS (
        -- All that was made in the time lies between the last that was made minutes before it and the first that was made minutes after it.
        -- Where that is strays alone, nothing is to be walked.
        SELECT CASE
                WHEN (p_from IS NULL AND p_to IS NULL) OR (
                    SELECT true FROM object_lists l
                    WHERE l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund' AND NOT l.is_stray
                      AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
                    ORDER BY l.created_at LIMIT 1)
                THEN least(c.below,
                    (SELECT l.number FROM object_lists l
                     WHERE l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund' AND NOT l.is_stray
                       AND l.created_at > p_to + interval '5 minutes'
                     ORDER BY l.created_at LIMIT 1))
                ELSE 0
               END AS below,
               greatest(c.above,
                (SELECT l.number FROM object_lists l
                 WHERE l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund' AND NOT l.is_stray
                   AND l.created_at < p_from - interval '5 minutes'
                 ORDER BY l.created_at DESC LIMIT 1)) AS above
        FROM cursors c
    ), page AS (
        -- As in object_list_page.
        (SELECT m.number, m.id
         FROM (
              SELECT l.number, l.id
              FROM object_lists l
              WHERE l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund' AND l.is_stray
                AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
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
              WHERE l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund' AND l.is_stray
                AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
              OFFSET 0) m
         WHERE p_before IS NOT NULL AND (p_from IS NOT NULL OR p_to IS NOT NULL)
           AND m.number < (SELECT c.below FROM cursors c) AND m.number > (SELECT c.above FROM cursors c)
         ORDER BY m.number
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NULL
           AND l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund'
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number DESC
         LIMIT p_limit)
        UNION ALL
        (SELECT l.number, l.id
         FROM object_lists l
         WHERE p_before IS NOT NULL
           AND l.service_id = p_service_id AND l.scope = p_merchant AND l.kind = 'refund'
           AND l.number < (SELECT b.below FROM bounds b) AND l.number > (SELECT b.above FROM bounds b)
           AND (NOT l.is_stray OR (p_from IS NULL AND p_to IS NULL))
           AND l.created_at >= coalesce(p_from, '-infinity') AND l.created_at < coalesce(p_to, 'infinity')
         ORDER BY l.number
         LIMIT p_limit)
    ), nearest AS (
        SELECT p.number, p.id FROM page p
        ORDER BY CASE WHEN p_before IS NULL THEN -p.number ELSE p.number END
        LIMIT p_limit
    ), refund AS (
        -- re_, the session's 24 characters, and the two digits by which its row is called in its session.
        SELECT p.number, p.id, 'pay_' || substr(p.id, 4, 24) AS key, 're_' || substr(p.id, 28) AS row_key FROM nearest p
    )
    SELECT f.id, f.key, convert_to(r.payload::text, 'UTF8')
    FROM refund f
    JOIN grain_rows r ON r.service_id = p_service_id AND r.state_name = 'payment_session' AND r.grain_key = f.key AND r.row_key = f.row_key
    ORDER BY f.number DESC
$$;
