-- The child rows of grain states: what a state has many of, each in a row of its own, so that a write touches those that
-- changed. A write of the state puts and deletes them in its own statement, so the state's version fences them too. No foreign
-- key: the state's row is locked whenever its rows change, and goes together with them.
CREATE TABLE grain_rows (
    service_id text        NOT NULL,
    state_name text        NOT NULL,
    grain_key  text        NOT NULL,
    row_key    text        NOT NULL CHECK (row_key <> '' AND length(row_key) <= 200),
    payload    jsonb       NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    due_at     timestamptz,
    -- The rows of one state, read with it; and each of them, put or deleted.
    CONSTRAINT grain_rows_pkey PRIMARY KEY (service_id, state_name, grain_key, row_key)
) WITH (
    -- As grain_state, and for its reasons.
    fillfactor = 80,
    toast_tuple_target = 8160
);

DO $$
BEGIN
    ALTER TABLE grain_rows ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this PostgreSQL was built without LZ4; grain rows stay under pglz';
END
$$;

-- Puts and deletes the rows of a state as a write of it says, at most 1,000, each at most 64 KiB. A row that is deleted and put
-- is put.
CREATE FUNCTION grain_rows_apply(p_service_id text, p_state_name text, p_grain_key text, p_rows jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_put     jsonb   := CASE WHEN jsonb_typeof(p_rows -> 'put') = 'object' THEN p_rows -> 'put' ELSE '{}' END;
    v_deleted jsonb   := CASE WHEN jsonb_typeof(p_rows -> 'deleted') = 'array' THEN p_rows -> 'deleted' ELSE '[]' END;
    v_count   integer := jsonb_array_length(v_deleted);
    v_row     record;
BEGIN
    IF v_count > 0 THEN
        DELETE FROM grain_rows r
        WHERE r.service_id = p_service_id AND r.state_name = p_state_name AND r.grain_key = p_grain_key
          AND r.row_key IN (SELECT jsonb_array_elements_text(v_deleted));
    END IF;
    FOR v_row IN SELECT e.key, e.value FROM jsonb_each(v_put) AS e LOOP
        v_count := v_count + 1;
        IF v_count > 1000 THEN
            EXIT;
        END IF;
        IF octet_length(v_row.value::text) > 65536 THEN
            RAISE EXCEPTION 'row % of state % of % is % bytes, more than 65536', v_row.key, p_state_name, p_grain_key,
                octet_length(v_row.value::text) USING ERRCODE = 'program_limit_exceeded';
        END IF;
        INSERT INTO grain_rows (service_id, state_name, grain_key, row_key, payload, due_at)
        VALUES (p_service_id, p_state_name, p_grain_key, v_row.key, v_row.value, (v_row.value ->> 'dueAt')::timestamptz)
        ON CONFLICT (service_id, state_name, grain_key, row_key) DO UPDATE
        SET payload = EXCLUDED.payload, due_at = EXCLUDED.due_at;
    END LOOP;
    IF v_count > 1000 THEN
        RAISE EXCEPTION 'state % of %: a write puts and deletes at most 1000 rows', p_state_name, p_grain_key
            USING ERRCODE = 'program_limit_exceeded';
    END IF;
END
$$;

-- Writes a state if it is still at p_version (null: not there yet), and in the same statement puts and deletes its rows,
-- appends the payload's outbox to events, remembers its idempotency keys, and does to its inbox what the payload says. None of
-- the four is kept in the state. Returns the new version; a stale write changes nothing and returns p_version, by which
-- Orleans knows the conflict.
CREATE OR REPLACE FUNCTION grain_state_write(
    p_service_id text, p_state_name text, p_grain_key text, p_version integer, p_payload bytea) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_state  jsonb;
    v_outbox jsonb;
    v_keys   jsonb;
    v_inbox  jsonb;
    v_rows   jsonb;
    v_due    timestamptz;
    v_new    integer;
BEGIN
    IF p_grain_key IS NULL OR p_grain_key = '' THEN
        RAISE EXCEPTION 'state %: the grain key is not a prefixed string; Orleans read it as a GUID or a number',
            p_state_name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF octet_length(p_payload) > 1048576 THEN
        RAISE EXCEPTION 'state % of % is % bytes, more than 1048576', p_state_name, p_grain_key,
            octet_length(p_payload) USING ERRCODE = 'program_limit_exceeded';
    END IF;

    v_state := convert_from(p_payload, 'UTF8')::jsonb;
    v_outbox := v_state -> 'outbox';
    v_keys := v_state -> 'keys';
    v_inbox := v_state -> 'inbox';
    v_rows := v_state -> 'rows';
    v_due := (v_state ->> 'dueAt')::timestamptz;
    IF v_outbox IS NOT NULL OR v_keys IS NOT NULL OR v_inbox IS NOT NULL OR v_rows IS NOT NULL THEN
        v_state := v_state - ARRAY['outbox', 'keys', 'inbox', 'rows'];
    END IF;

    IF p_version IS NULL THEN
        INSERT INTO grain_state (service_id, state_name, grain_key, payload, version, due_at)
        VALUES (p_service_id, p_state_name, p_grain_key, v_state, 1, v_due)
        ON CONFLICT DO NOTHING
        RETURNING version INTO v_new;
    ELSE
        UPDATE grain_state
        SET payload = v_state, version = version + 1, due_at = v_due, modified_at = now()
        WHERE service_id = p_service_id AND state_name = p_state_name AND grain_key = p_grain_key
          AND version = p_version
        RETURNING version INTO v_new;
    END IF;

    IF v_new IS NULL THEN
        RETURN p_version;
    END IF;
    IF jsonb_typeof(v_rows) = 'object' THEN
        PERFORM grain_rows_apply(p_service_id, p_state_name, p_grain_key, v_rows);
    END IF;
    IF jsonb_typeof(v_inbox) = 'object' THEN
        PERFORM ledger_marks_apply(p_service_id, p_state_name, p_grain_key, v_inbox);
    END IF;
    IF jsonb_typeof(v_keys) = 'array' AND jsonb_array_length(v_keys) > 0 THEN
        PERFORM idempotency_remember(p_service_id, p_grain_key, v_keys);
    END IF;
    IF jsonb_typeof(v_outbox) = 'array' AND jsonb_array_length(v_outbox) > 0 THEN
        PERFORM events_append(p_service_id, v_outbox);
    END IF;
    RETURN v_new;
END
$$;

-- A state, with its rows as {"rows":{"stored":{key: row}}} where it has any.
CREATE FUNCTION grain_state_load(p_service_id text, p_state_name text, p_grain_key text)
RETURNS TABLE (payload bytea, version integer)
LANGUAGE sql STABLE AS $$
    SELECT convert_to(
               CASE WHEN r.rows IS NULL THEN s.payload
                    ELSE s.payload || jsonb_build_object('rows', jsonb_build_object('stored', r.rows)) END::text,
               'UTF8'),
           s.version
    FROM grain_state s
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(g.row_key, g.payload) AS rows
        FROM grain_rows g
        WHERE g.service_id = p_service_id AND g.state_name = p_state_name AND g.grain_key = p_grain_key
    ) r ON true
    WHERE s.service_id = p_service_id AND s.state_name = p_state_name AND s.grain_key = p_grain_key
$$;

-- How a program of before the rows reads a state. It would take one whose payments are in rows for one without: it is refused,
-- until the rolling upgrade is over, with a code that it takes for trouble that passes.
CREATE OR REPLACE FUNCTION grain_state_read(p_service_id text, p_state_name text, p_grain_key text)
RETURNS TABLE (payload bytea, version integer)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (
        SELECT FROM grain_rows g
        WHERE g.service_id = p_service_id AND g.state_name = p_state_name AND g.grain_key = p_grain_key
    ) THEN
        RAISE EXCEPTION 'state % of % has rows, which this version of the program cannot read', p_state_name, p_grain_key
            USING ERRCODE = 'cannot_connect_now';
    END IF;
    RETURN QUERY
        SELECT convert_to(s.payload::text, 'UTF8'), s.version
        FROM grain_state s
        WHERE s.service_id = p_service_id AND s.state_name = p_state_name AND s.grain_key = p_grain_key;
END
$$;

-- Empties a state and drops its rows, but keeps its own row and counts its version up. A stale clearing changes nothing,
-- returns p_version.
CREATE OR REPLACE FUNCTION grain_state_clear(
    p_service_id text, p_state_name text, p_grain_key text, p_version integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_new integer;
BEGIN
    UPDATE grain_state
    SET payload = NULL, version = version + 1, due_at = NULL, modified_at = now()
    WHERE service_id = p_service_id AND state_name = p_state_name AND grain_key = p_grain_key
      AND version = p_version
    RETURNING version INTO v_new;
    IF v_new IS NOT NULL THEN
        DELETE FROM grain_rows
        WHERE service_id = p_service_id AND state_name = p_state_name AND grain_key = p_grain_key;
    END IF;
    RETURN coalesce(v_new, p_version);
END
$$;

-- Removes the row and its rows (Orleans' DeleteStateOnClear). Returns the version after the removed one, or p_version if stale.
CREATE OR REPLACE FUNCTION grain_state_delete(
    p_service_id text, p_state_name text, p_grain_key text, p_version integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_new integer;
BEGIN
    DELETE FROM grain_state
    WHERE service_id = p_service_id AND state_name = p_state_name AND grain_key = p_grain_key
      AND version = p_version
    RETURNING version + 1 INTO v_new;
    IF v_new IS NOT NULL THEN
        DELETE FROM grain_rows
        WHERE service_id = p_service_id AND state_name = p_state_name AND grain_key = p_grain_key;
    END IF;
    RETURN coalesce(v_new, p_version);
END
$$;

UPDATE OrleansQuery
SET QueryText = replace(QueryText, 'grain_state_read(', 'grain_state_load(')
WHERE QueryKey = 'ReadFromStorageKey';

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
