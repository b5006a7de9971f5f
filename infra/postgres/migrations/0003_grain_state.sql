-- The state of every grain: one row a state name and key, JSON as the grain's serializer wrote it.
-- A null payload is a cleared state that keeps its version, so that a writer from before the clearing is still stale.
CREATE TABLE grain_state (
    service_id  text        NOT NULL,
    state_name  text        NOT NULL,
    grain_key   text        NOT NULL,
    payload     jsonb,
    version     integer     NOT NULL,
    due_at      timestamptz,
    modified_at timestamptz NOT NULL DEFAULT now(),
    -- The test clock that it lives by, and when it is due by that one; null for nearly all.
    clock        text,
    clock_due_at timestamptz,
    -- Read, write and clear of one state.
    CONSTRAINT grain_state_pkey PRIMARY KEY (service_id, state_name, grain_key)
) WITH (
    fillfactor = 80,
    -- A wallet's row is 2 to 4 kB of what hardly compresses, written at each step of a payment. Above 2 kB PostgreSQL
    -- would compress it and, as that does not suffice, move it into a table of its own each time: measured five times
    -- the work of a write in place.
    toast_tuple_target = 8160
);

-- A wallet's state is a few KB, so each write compresses it: LZ4 takes a third of the time of PostgreSQL's own method.
-- A server that was built without it keeps its own; rows under both live side by side.
DO $$
BEGIN
    ALTER TABLE grain_state ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this PostgreSQL was built without LZ4; grain states stay under pglz';
END
$$;

-- Due index: grain_state_due, the grains of a kind to wake by now, oldest first, however many of another kind are due.
CREATE INDEX grain_state_due_at ON grain_state (service_id, state_name, due_at, grain_key) WHERE due_at IS NOT NULL;

-- What lives by a test clock: grain_state_clock_due, what of it to wake by its time, oldest first; and whether there is any. No one else is
-- in it.
CREATE INDEX grain_state_clock_due_at ON grain_state (service_id, clock, clock_due_at, grain_key) WHERE clock IS NOT NULL;

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
-- appends the payload's outbox to events, remembers its idempotency keys, puts it into lists, and does to its inbox and to its
-- invitations what the payload says. None of the six is kept in the state. Returns the new version; a stale write changes nothing and returns p_version, by which
-- Orleans knows the conflict.
CREATE FUNCTION grain_state_write(
    p_service_id text, p_state_name text, p_grain_key text, p_version integer, p_payload bytea) RETURNS integer
LANGUAGE plpgsql
-- All that a write does is found by its key. Where a table is small or was never looked at by ANALYZE, PostgreSQL takes the few elements
-- of a payload for a hundred and reads the whole table for them: measured 4 ms a write, and growing with the table.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    v_state   jsonb;
    v_outbox  jsonb;
    v_keys    jsonb;
    v_inbox   jsonb;
    v_rows    jsonb;
    v_invited jsonb;
    v_listed  jsonb;
    v_due     timestamptz;
    v_new     integer;
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
    v_invited := v_state -> 'invited';
    v_listed := v_state -> 'listed';
    v_due := (v_state ->> 'dueAt')::timestamptz;
    IF v_outbox IS NOT NULL OR v_keys IS NOT NULL OR v_inbox IS NOT NULL OR v_rows IS NOT NULL OR v_invited IS NOT NULL
        OR v_listed IS NOT NULL THEN
        v_state := v_state - ARRAY['outbox', 'keys', 'inbox', 'rows', 'invited', 'listed'];
    END IF;

    IF p_version IS NULL THEN
        INSERT INTO grain_state (service_id, state_name, grain_key, payload, version, due_at, clock, clock_due_at)
        VALUES (p_service_id, p_state_name, p_grain_key, v_state, 1, v_due, v_state ->> 'clock', (v_state ->> 'clockDueAt')::timestamptz)
        ON CONFLICT DO NOTHING
        RETURNING version INTO v_new;
    ELSE
        UPDATE grain_state
        SET payload = v_state, version = version + 1, due_at = v_due, modified_at = now(), clock = v_state ->> 'clock',
            clock_due_at = (v_state ->> 'clockDueAt')::timestamptz
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
        PERFORM ledger_marks_apply(p_service_id, p_state_name, p_grain_key, v_new, v_inbox);
    END IF;
    IF jsonb_typeof(v_invited) = 'object' THEN
        PERFORM identity.invitations_apply(p_service_id, p_grain_key, v_invited);
    END IF;
    IF jsonb_typeof(v_listed) = 'array' AND jsonb_array_length(v_listed) > 0 THEN
        PERFORM object_lists_add(p_service_id, v_listed);
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

-- Writes the states of many grains, each as grain_state_write would alone: rows are taken in the order of their keys, so that
-- two silos' batches wait for each other and never in a circle, and each in a block of its own, so that what is wrong with
-- one is a verdict of that one: done (with its new version), stale, taken (an idempotency key), busy (somebody holds its row)
-- or refused (with its SQLSTATE). A null payload clears. Payloads are bytes: nothing in them can fail before the blocks
-- begin. Waiting for locked rows costs a batch 250 ms in all; its other rows have not long to wait for it.
CREATE FUNCTION grain_states_write(
    p_service_id text, p_state_names text[], p_grain_keys text[], p_versions integer[], p_payloads bytea[])
RETURNS TABLE (place integer, verdict text, new_version integer, code text, message text, constraint_name text)
LANGUAGE plpgsql
SET lock_timeout = '250ms' AS $$
DECLARE
    v_row    record;
    v_began  timestamptz;
    v_wait   integer := 250;
BEGIN
    FOR v_row IN
        SELECT w.state_name, w.grain_key, w.version, w.payload, w.place
        FROM unnest(p_state_names, p_grain_keys, p_versions, p_payloads) WITH ORDINALITY
            AS w (state_name, grain_key, version, payload, place)
        ORDER BY w.state_name COLLATE "C", w.grain_key COLLATE "C", w.place
    LOOP
        place := v_row.place;
        code := NULL;
        message := NULL;
        constraint_name := NULL;
        v_began := clock_timestamp();
        BEGIN
            new_version := CASE WHEN v_row.payload IS NULL
                THEN grain_state_clear(p_service_id, v_row.state_name, v_row.grain_key, v_row.version)
                ELSE grain_state_write(p_service_id, v_row.state_name, v_row.grain_key, v_row.version, v_row.payload) END;
            verdict := CASE WHEN new_version IS NULL OR new_version = v_row.version THEN 'stale' ELSE 'done' END;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
                verdict := 'busy';
                new_version := NULL;
                v_wait := greatest(1, v_wait - (extract(epoch FROM clock_timestamp() - v_began) * 1000)::integer);
                PERFORM set_config('lock_timeout', v_wait || 'ms', true);
            WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
                    constraint_name = CONSTRAINT_NAME;
                verdict := CASE WHEN code = 'SP001' THEN 'taken' ELSE 'refused' END;
                new_version := NULL;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;

-- After a connection was lost nobody knows what became of the writes that were on it, and the old statement may still run.
-- Raises the version of each row that still stands where such a write would take it, and makes an empty row where it would
-- make one: what comes late can then only be stale. A row that is further on has its answer already. False for a row that
-- somebody holds, the old statement perhaps: ask again.
CREATE FUNCTION grain_states_claim(p_service_id text, p_state_names text[], p_grain_keys text[], p_versions integer[])
RETURNS TABLE (place integer, claimed boolean)
LANGUAGE plpgsql
SET lock_timeout = '250ms' AS $$
DECLARE
    v_row   record;
    v_began timestamptz;
    v_wait  integer := 250;
BEGIN
    FOR v_row IN
        SELECT w.state_name, w.grain_key, w.version, w.place
        FROM unnest(p_state_names, p_grain_keys, p_versions) WITH ORDINALITY AS w (state_name, grain_key, version, place)
        ORDER BY w.state_name COLLATE "C", w.grain_key COLLATE "C", w.place
    LOOP
        place := v_row.place;
        claimed := true;
        v_began := clock_timestamp();
        BEGIN
            IF v_row.version IS NULL THEN
                INSERT INTO grain_state (service_id, state_name, grain_key, payload, version)
                VALUES (p_service_id, v_row.state_name, v_row.grain_key, NULL, 1)
                ON CONFLICT DO NOTHING;
            ELSE
                UPDATE grain_state s
                SET version = s.version + 1
                WHERE s.service_id = p_service_id AND s.state_name = v_row.state_name AND s.grain_key = v_row.grain_key
                  AND s.version <= v_row.version;
            END IF;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            claimed := false;
            v_wait := greatest(1, v_wait - (extract(epoch FROM clock_timestamp() - v_began) * 1000)::integer);
            PERFORM set_config('lock_timeout', v_wait || 'ms', true);
        END;
        RETURN NEXT;
    END LOOP;
END
$$;

-- A state, with its rows as {"rows":{"stored":{key: row}}} where it has any.
CREATE FUNCTION grain_state_read(p_service_id text, p_state_name text, p_grain_key text)
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

-- Empties a state and drops its rows, but keeps its own row and counts its version up. A stale clearing changes nothing,
-- returns p_version.
CREATE FUNCTION grain_state_clear(
    p_service_id text, p_state_name text, p_grain_key text, p_version integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_new integer;
BEGIN
    UPDATE grain_state
    SET payload = NULL, version = version + 1, due_at = NULL, modified_at = now(), clock = NULL, clock_due_at = NULL
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
CREATE FUNCTION grain_state_delete(
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

-- The names of the states of which some are due by p_now; jumps in the index from name to name.
CREATE FUNCTION grain_state_due_names(p_service_id text, p_now timestamptz) RETURNS TABLE (state_name text)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE names AS (
        (SELECT s.state_name FROM grain_state s
         WHERE s.service_id = p_service_id AND s.due_at IS NOT NULL
         ORDER BY s.state_name LIMIT 1)
        UNION ALL
        SELECT (SELECT s.state_name FROM grain_state s
                WHERE s.service_id = p_service_id AND s.due_at IS NOT NULL AND s.state_name > n.state_name
                ORDER BY s.state_name LIMIT 1)
        FROM names n
        WHERE n.state_name IS NOT NULL
    )
    SELECT n.state_name
    FROM names n
    WHERE EXISTS (
        SELECT FROM grain_state s
        WHERE s.service_id = p_service_id AND s.state_name = n.state_name AND s.due_at <= p_now)
$$;

-- What of the states of one name is due by p_now, oldest first, after a place in that order, for one of p_partitions
-- shares of the keys.
CREATE FUNCTION grain_state_due(
    p_service_id text, p_state_name text, p_now timestamptz, p_partition integer, p_partitions integer,
    p_after_due_at timestamptz, p_after_grain_key text, p_limit integer)
RETURNS TABLE (due_at timestamptz, grain_key text)
LANGUAGE sql STABLE AS $$
    SELECT s.due_at, s.grain_key
    FROM grain_state s
    WHERE s.service_id = p_service_id
      AND s.state_name = p_state_name
      AND s.due_at <= p_now
      AND (s.due_at, s.grain_key) > (p_after_due_at, p_after_grain_key)
      AND (hashtext(s.grain_key) & 2147483647) % p_partitions = p_partition
    ORDER BY s.due_at, s.grain_key
    LIMIT p_limit
$$;

-- What lives by a test clock and is due by p_by, oldest first.
CREATE FUNCTION grain_state_clock_due(p_service_id text, p_clock text, p_by timestamptz, p_limit integer)
RETURNS TABLE (due_at timestamptz, state_name text, grain_key text)
LANGUAGE sql STABLE AS $$
    SELECT s.clock_due_at, s.state_name, s.grain_key
    FROM grain_state s
    WHERE s.service_id = p_service_id AND s.clock = p_clock AND s.clock_due_at <= p_by
    ORDER BY s.clock_due_at, s.grain_key
    LIMIT p_limit
$$;
