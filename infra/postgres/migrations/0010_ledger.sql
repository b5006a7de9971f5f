-- The ledger inbox (docs/decisions/0009): what the network's ledgers hold for owners of ours, written by the follower in
-- one transaction with its watermark, and drained by each owner with its own state.

-- How far the network has been read. The one row moves by compare and set on ledger and hash, so that of two followers
-- one writes and the other learns that it is late.
CREATE TABLE ledger_watermark (
    service_id text        NOT NULL,
    ledger     bigint      NOT NULL,
    hash       text        NOT NULL,
    closed_at  timestamptz NOT NULL,
    -- Some ledgers' hashes by number, thinner as they go on: by these the network is known again.
    anchors    jsonb       NOT NULL,
    moved_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_watermark_pkey PRIMARY KEY (service_id)
);

-- Whose each address is. An address has one owner for ever, named by the name of its state and its key, and is stored in
-- the statement that stores the owner's state.
CREATE TABLE ledger_addresses (
    service_id text        NOT NULL,
    address    text        NOT NULL,
    owner_kind text        NOT NULL,
    owner_key  text        NOT NULL,
    -- Whether the owner is given what comes to it, and nothing else: accounts of the platform, whose grains count by themselves.
    credits_only boolean   NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- ledger_deliver: the owners of the addresses that a ledger names; refuses a second owner.
    CONSTRAINT ledger_addresses_pkey PRIMARY KEY (service_id, address)
);

-- The addresses of an owner: deny list, recipients.
CREATE INDEX ledger_addresses_owner ON ledger_addresses (service_id, owner_kind, owner_key);

CREATE TRIGGER ledger_addresses_insert_once
    BEFORE UPDATE ON ledger_addresses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whom a number at an address names, for ever: who is paid there by a memo or a muxed address (SEP-23). He is a witness: he is given
-- what names him and comes to the address, and the address's owner books it.
CREATE TABLE pay_to (
    service_id text   NOT NULL,
    address    text   NOT NULL,
    number     bigint NOT NULL,
    owner_kind text   NOT NULL,
    owner_key  text   NOT NULL,
    -- ledger_deliver: the witnesses whom a ledger names; refuses a second one.
    CONSTRAINT pay_to_pkey PRIMARY KEY (service_id, address, number)
);

CREATE TRIGGER pay_to_insert_once
    BEFORE UPDATE ON pay_to
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What ledgers did to owners of ours, as it was read; never changed. The place is (token, number): SEP-35's order, and
-- the number within it. Bytes, because strangers choose them.
CREATE TABLE ledger_movements (
    service_id       text    NOT NULL,
    token            bigint  NOT NULL,
    number           integer NOT NULL,
    kind             text    NOT NULL CHECK (kind IN ('outcome', 'movement', 'unread')),
    transaction_hash text,
    -- Each kind/key that was given it. Not indexed: only replay, an auditor's command, asks by it.
    readers          text[]  NOT NULL,
    content          bytea   NOT NULL,
    -- Drains, replay and an operator's look at one.
    CONSTRAINT ledger_movements_pkey PRIMARY KEY (service_id, token, number)
) PARTITION BY RANGE (token);

-- ledger_outcome: whether a ledger holds a transaction of ours. An outcome stands under the inner hash of a fee-bump.
CREATE INDEX ledger_movements_hash ON ledger_movements (service_id, transaction_hash) WHERE kind <> 'movement';

-- ledger_outcome: what has no hash and may be a transaction of ours. Few, however much waits for an owner.
CREATE INDEX ledger_movements_nameless ON ledger_movements (service_id, token, number)
    WHERE kind = 'unread' AND transaction_hash IS NULL;

-- POST /v1/payment_sessions/{id}/verify: whom a transaction named. A part of the hash, for all movements are in it.
CREATE INDEX ledger_movements_payment ON ledger_movements (left(transaction_hash, 16)) WHERE kind = 'movement';

-- What each owner has not drained yet: pointers, deleted by the write of the owner that takes them in.
CREATE TABLE ledger_inbox (
    service_id   text        NOT NULL,
    owner_kind   text        NOT NULL,
    owner_key    text        NOT NULL,
    token        bigint      NOT NULL,
    number       integer     NOT NULL,
    delivered_at timestamptz NOT NULL DEFAULT now(),
    -- An owner's rows in the ledger's order; the sweep's walk from owner to owner.
    CONSTRAINT ledger_inbox_pkey PRIMARY KEY (service_id, owner_kind, owner_key, token, number)
) PARTITION BY RANGE (token);

-- Rows that their owner could not take in: shown to operators, retried or closed by a write of the owner.
CREATE TABLE ledger_parked (
    service_id  text        NOT NULL,
    owner_kind  text        NOT NULL,
    owner_key   text        NOT NULL,
    token       bigint      NOT NULL,
    number      integer     NOT NULL,
    error       text        NOT NULL,
    attempts    integer     NOT NULL,
    status      text        NOT NULL CHECK (status IN ('parked', 'applied', 'closed')),
    parked_at   timestamptz NOT NULL,
    resolved_at timestamptz,
    resolved_by text,
    -- One owner's, and each once.
    CONSTRAINT ledger_parked_pkey PRIMARY KEY (service_id, owner_kind, owner_key, token, number)
);

-- The operators' list, newest first, and one operation's entries.
CREATE INDEX ledger_parked_token ON ledger_parked (service_id, token);

-- How many wait.
CREATE INDEX ledger_parked_open ON ledger_parked (service_id) WHERE status = 'parked';

-- Owners that cannot even write: poked with growing pauses, shown, alarmed. No row where all is well.
CREATE TABLE ledger_held (
    service_id   text        NOT NULL,
    owner_kind   text        NOT NULL,
    owner_key    text        NOT NULL,
    held_since   timestamptz NOT NULL,
    next_poke_at timestamptz NOT NULL,
    failures     integer     NOT NULL,
    error        text        NOT NULL,
    CONSTRAINT ledger_held_pkey PRIMARY KEY (service_id, owner_kind, owner_key)
);

-- What owners tell each other: put here by the write of one, taken out by the write of the other, so that it is told once. It has no
-- place in the ledger and is fenced by no place: what is left of it is what has not been taken in. It may speak of a movement that
-- its receiver books (token, place_number), and then waits until he has.
CREATE TABLE owner_rows (
    service_id     text        NOT NULL,
    owner_kind     text        NOT NULL,
    owner_key      text        NOT NULL,
    sender_kind    text        NOT NULL,
    sender_key     text        NOT NULL,
    -- The version of the sender's state with which it was written, and its number among the rows of that write.
    sender_version integer     NOT NULL,
    number         integer     NOT NULL,
    token          bigint,
    place_number   integer,
    content        jsonb       NOT NULL,
    -- Its receiver could not take it in; an operator must see to it (owner_rows_set_aside).
    set_aside      boolean     NOT NULL DEFAULT false,
    sent_at        timestamptz NOT NULL DEFAULT now(),
    -- An owner's rows, each sender's in their order; the sweep's walk from owner to owner.
    CONSTRAINT owner_rows_pkey PRIMARY KEY (service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number),
    CHECK ((token IS NULL) = (place_number IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Rows of others that their receiver could not take in: shown to operators, retried or closed by a write of the receiver, and kept.
CREATE TABLE owner_rows_set_aside (
    service_id     text        NOT NULL,
    id             bigint      GENERATED ALWAYS AS IDENTITY,
    owner_kind     text        NOT NULL,
    owner_key      text        NOT NULL,
    sender_kind    text        NOT NULL,
    sender_key     text        NOT NULL,
    sender_version integer     NOT NULL,
    number         integer     NOT NULL,
    token          bigint,
    place_number   integer,
    content        jsonb       NOT NULL,
    error          text        NOT NULL,
    attempts       integer     NOT NULL DEFAULT 1,
    status         text        NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'applied', 'closed')),
    sent_at        timestamptz NOT NULL,
    set_aside_at   timestamptz NOT NULL DEFAULT now(),
    resolved_at    timestamptz,
    resolved_by    text,
    -- The operators' list, newest first, and one of it.
    CONSTRAINT owner_rows_set_aside_pkey PRIMARY KEY (service_id, id),
    -- Each once; and what a write resolves.
    CONSTRAINT owner_rows_set_aside_row_key
        UNIQUE (service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number)
);

-- Those that wait: the operators' list, and how many.
CREATE INDEX owner_rows_set_aside_waiting ON owner_rows_set_aside (service_id, id) WHERE status = 'waiting';

-- Ledgers a partition: a day of them in the inbox, whose empty days are dropped, and thirty days of movements, which are
-- kept. A statement over all of a table locks each of its partitions: they must stay few.
CREATE FUNCTION ledger_partition_size(p_table text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_table WHEN 'ledger_inbox' THEN 17280::bigint ELSE 30 * 17280::bigint END
$$;

-- Makes the partitions that hold the ledgers p_from to p_to. Attaching, unlike creating in place, waits for no reader.
CREATE FUNCTION ledger_partitions_ensure(p_from bigint, p_to bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_size  bigint;
    v_table text;
    v_name  text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['ledger_movements', 'ledger_inbox'] LOOP
        v_size := ledger_partition_size(v_table);
        FOR v_part IN p_from / v_size .. p_to / v_size LOOP
            v_name := v_table || '_' || v_part;
            IF to_regclass(v_name) IS NULL THEN
                PERFORM pg_advisory_xact_lock(hashtext('ledger_partitions_ensure'));
                IF to_regclass(v_name) IS NOT NULL THEN
                    CONTINUE;
                END IF;
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name, v_table);
                EXECUTE format(
                    'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', v_table, v_name,
                    (v_part * v_size) << 32, ((v_part + 1) * v_size) << 32);
                IF v_table = 'ledger_inbox' THEN
                    -- Rows live for milliseconds: what they leave behind is swept at once.
                    EXECUTE format(
                        'ALTER TABLE %I SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, '
                        || 'autovacuum_vacuum_cost_delay = 0)', v_name);
                    PERFORM ledger_inbox_drop_empty(p_from);
                ELSE
                    -- The parent's trigger does not guard a partition that is named itself.
                    EXECUTE format(
                        'CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                        || 'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', v_name || '_append_only', v_name);
                END IF;
            END IF;
        END LOOP;
    END LOOP;
END
$$;

CREATE TRIGGER ledger_movements_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_movements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Drops the partitions of the inbox that lie whole below p_ledger and are empty; returns how many. One that is in use just
-- now is left for the next time.
CREATE FUNCTION ledger_inbox_drop_empty(p_ledger bigint) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_part  text;
    v_empty boolean;
    v_count integer := 0;
BEGIN
    PERFORM set_config('lock_timeout', '250ms', true);
    FOR v_part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'ledger_inbox'::regclass
          AND substr(c.relname, length('ledger_inbox_') + 1)::bigint < p_ledger / ledger_partition_size('ledger_inbox')
    LOOP
        BEGIN
            EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I)', v_part) INTO v_empty;
            IF v_empty THEN
                EXECUTE format('DROP TABLE %I', v_part);
                v_count := v_count + 1;
            END IF;
        EXCEPTION WHEN lock_not_available THEN
            RAISE NOTICE '% is in use and is dropped another time', v_part;
        END;
    END LOOP;
    RETURN v_count;
END
$$;

-- Registers what a state carries under addresses, [{"address","kind","key","creditsOnly"}, …]; kind and key are the
-- owner's own where they are left out. An address that is another's refuses all of it.
CREATE FUNCTION ledger_addresses_register(p_service_id text, p_kind text, p_key text, p_addresses jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_taken text;
BEGIN
    INSERT INTO ledger_addresses (service_id, address, owner_kind, owner_key, credits_only)
    SELECT p_service_id, e.value ->> 'address', coalesce(e.value ->> 'kind', p_kind), coalesce(e.value ->> 'key', p_key),
           coalesce((e.value ->> 'creditsOnly')::boolean, false)
    FROM jsonb_array_elements(p_addresses) AS e (value)
    ON CONFLICT DO NOTHING;
    SELECT a.address INTO v_taken
    FROM jsonb_array_elements(p_addresses) AS e (value)
    JOIN ledger_addresses a ON a.service_id = p_service_id AND a.address = e.value ->> 'address'
    WHERE (a.owner_kind, a.owner_key) <> (coalesce(e.value ->> 'kind', p_kind), coalesce(e.value ->> 'key', p_key))
    LIMIT 1;
    IF v_taken IS NOT NULL THEN
        RAISE EXCEPTION 'address % has another owner than % %', v_taken, p_kind, p_key USING ERRCODE = 'SP003';
    END IF;
END
$$;

-- Registers by which numbers a state is named at addresses of others, [{"address","number"}, …]. A number that names somebody else
-- there refuses all of it.
CREATE FUNCTION pay_to_register(p_service_id text, p_kind text, p_key text, p_names jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_named integer;
    v_taken text;
BEGIN
    INSERT INTO pay_to (service_id, address, number, owner_kind, owner_key)
    SELECT p_service_id, e.value ->> 'address', (e.value ->> 'number')::bigint, p_kind, p_key
    FROM jsonb_array_elements(p_names) AS e (value)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_named = ROW_COUNT;
    IF v_named = jsonb_array_length(p_names) THEN
        RETURN;
    END IF;
    SELECT t.number INTO v_taken
    FROM jsonb_array_elements(p_names) AS e (value)
    JOIN pay_to t ON t.service_id = p_service_id AND t.address = e.value ->> 'address' AND t.number = (e.value ->> 'number')::bigint
    WHERE (t.owner_kind, t.owner_key) <> (p_kind, p_key)
    LIMIT 1;
    IF v_taken IS NOT NULL THEN
        RAISE EXCEPTION 'number % names somebody else than % %', v_taken, p_kind, p_key USING ERRCODE = 'SP006';
    END IF;
END
$$;

-- Puts rows into the inboxes of other owners, [{"kind","key","token","number","content"}, …] (token and number of the movement of which
-- it speaks, or neither), under the sender's new version.
CREATE FUNCTION owner_rows_send(p_service_id text, p_kind text, p_key text, p_version integer, p_sent jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO owner_rows (
        service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number, token, place_number, content)
    SELECT p_service_id, e.value ->> 'kind', e.value ->> 'key', p_kind, p_key, p_version, e.place,
           (e.value ->> 'token')::bigint, (e.value ->> 'number')::integer, e.value -> 'content'
    FROM jsonb_array_elements(p_sent) WITH ORDINALITY AS e (value, place);
END
$$;

-- Takes out the rows of others that a state has taken in (p_received, [{"kind","key","version","number"}, …] of their senders), and
-- notes which of its rows it could not take (p_set_aside, the same with "error"). Fewer than named refuse all of it: what was told once
-- is taken in once.
CREATE FUNCTION owner_rows_take(p_service_id text, p_kind text, p_key text, p_received jsonb, p_set_aside jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_found integer;
    v_aside integer;
BEGIN
    DELETE FROM owner_rows r
    USING jsonb_array_elements(p_received) AS e (value)
    WHERE r.service_id = p_service_id AND r.owner_kind = p_kind AND r.owner_key = p_key AND NOT r.set_aside
      AND r.sender_kind = e.value ->> 'kind' AND r.sender_key = e.value ->> 'key'
      AND r.sender_version = (e.value ->> 'version')::integer AND r.number = (e.value ->> 'number')::integer;
    GET DIAGNOSTICS v_found = ROW_COUNT;
    WITH aside AS (
        UPDATE owner_rows r
        SET set_aside = true
        FROM jsonb_array_elements(p_set_aside) AS e (value)
        WHERE r.service_id = p_service_id AND r.owner_kind = p_kind AND r.owner_key = p_key AND NOT r.set_aside
          AND r.sender_kind = e.value ->> 'kind' AND r.sender_key = e.value ->> 'key'
          AND r.sender_version = (e.value ->> 'version')::integer AND r.number = (e.value ->> 'number')::integer
        RETURNING r.*, e.value ->> 'error' AS error
    )
    INSERT INTO owner_rows_set_aside (
        service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number, token, place_number, content, error, sent_at)
    SELECT a.service_id, a.owner_kind, a.owner_key, a.sender_kind, a.sender_key, a.sender_version, a.number, a.token, a.place_number,
           a.content, a.error, a.sent_at
    FROM aside a;
    GET DIAGNOSTICS v_aside = ROW_COUNT;
    IF v_found < jsonb_array_length(p_received) OR v_aside < jsonb_array_length(p_set_aside) THEN
        RAISE EXCEPTION '% % takes in % rows of others, % are there', p_kind, p_key,
            jsonb_array_length(p_received) + jsonb_array_length(p_set_aside), v_found + v_aside USING ERRCODE = 'SP002';
    END IF;
END
$$;

-- What became of rows that were set aside (p_resolved, [{"kind","key","version","number","status","by","error"}, …] of their senders): applied or
-- closed, and what their senders told after them goes on; or waiting still, tried in vain. Fewer than named refuse all of it.
CREATE FUNCTION owner_rows_resolve(p_service_id text, p_kind text, p_key text, p_resolved jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_found integer;
BEGIN
    UPDATE owner_rows_set_aside s
    SET status = e.value ->> 'status', attempts = s.attempts + 1, error = coalesce(e.value ->> 'error', s.error),
        resolved_at = CASE WHEN e.value ->> 'status' <> 'waiting' THEN now() END,
        resolved_by = CASE WHEN e.value ->> 'status' <> 'waiting' THEN e.value ->> 'by' END
    FROM jsonb_array_elements(p_resolved) AS e (value)
    WHERE s.service_id = p_service_id AND s.owner_kind = p_kind AND s.owner_key = p_key AND s.status = 'waiting'
      AND s.sender_kind = e.value ->> 'kind' AND s.sender_key = e.value ->> 'key'
      AND s.sender_version = (e.value ->> 'version')::integer AND s.number = (e.value ->> 'number')::integer;
    GET DIAGNOSTICS v_found = ROW_COUNT;
    IF v_found < jsonb_array_length(p_resolved) THEN
        RAISE EXCEPTION '% % resolves % rows of others that were set aside, % are there', p_kind, p_key,
            jsonb_array_length(p_resolved), v_found USING ERRCODE = 'SP002';
    END IF;
    DELETE FROM owner_rows r
    USING jsonb_array_elements(p_resolved) AS e (value)
    WHERE e.value ->> 'status' <> 'waiting'
      AND r.service_id = p_service_id AND r.owner_kind = p_kind AND r.owner_key = p_key AND r.set_aside
      AND r.sender_kind = e.value ->> 'kind' AND r.sender_key = e.value ->> 'key'
      AND r.sender_version = (e.value ->> 'version')::integer AND r.number = (e.value ->> 'number')::integer;
END
$$;

-- An owner's next rows from others, each sender's in the order in which he wrote them, but none that speaks of a movement that the
-- owner has not booked, as far as he has drained (p_token, p_number), nor any that follows such a one of the same sender. The parts of a
-- line that was read later stand at its place, 65536 apart, and are booked with it. A movement that is parked may yet be booked; of one
-- that an operator closed the owner is told that it is. What others told later of a movement of which something is set aside waits for
-- that too.
CREATE FUNCTION owner_rows_read(
    p_service_id text, p_kind text, p_key text, p_token bigint, p_number integer, p_limit integer)
RETURNS TABLE (
    sender_kind text, sender_key text, sender_version integer, number integer, token bigint, place_number integer, content jsonb,
    movement_closed boolean)
LANGUAGE sql STABLE AS $$
    WITH aside AS MATERIALIZED (
        -- Hardly ever anything: those that wait have an index of their own.
        SELECT s.token, s.place_number, s.sent_at
        FROM owner_rows_set_aside s
        WHERE s.service_id = p_service_id AND s.owner_kind = p_kind AND s.owner_key = p_key AND s.status = 'waiting' AND s.token IS NOT NULL
    ), blocked AS MATERIALIZED (
        -- Of each sender the first that has to wait.
        SELECT DISTINCT ON (e.sender_kind, e.sender_key) e.sender_kind, e.sender_key, e.sender_version, e.number
        FROM owner_rows e
        LEFT JOIN ledger_parked p ON p.service_id = e.service_id AND p.owner_kind = e.owner_kind AND p.owner_key = e.owner_key
            AND p.token = e.token AND p.number = e.place_number % 65536 AND p.status = 'parked'
        WHERE e.service_id = p_service_id AND e.owner_kind = p_kind AND e.owner_key = p_key
          AND (e.set_aside OR (e.token, e.place_number % 65536) > (p_token, p_number) OR p.token IS NOT NULL
               OR EXISTS (
                   SELECT FROM aside a WHERE a.token = e.token AND a.place_number = e.place_number AND a.sent_at < e.sent_at))
        ORDER BY e.sender_kind, e.sender_key, e.sender_version, e.number
    )
    SELECT r.sender_kind, r.sender_key, r.sender_version, r.number, r.token, r.place_number, r.content, c.token IS NOT NULL
    FROM owner_rows r
    LEFT JOIN ledger_parked c ON c.service_id = r.service_id AND c.owner_kind = r.owner_kind AND c.owner_key = r.owner_key
        AND c.token = r.token AND c.number = r.place_number % 65536 AND c.status = 'closed'
    LEFT JOIN blocked b ON b.sender_kind = r.sender_kind AND b.sender_key = r.sender_key
    WHERE r.service_id = p_service_id AND r.owner_kind = p_kind AND r.owner_key = p_key AND NOT r.set_aside
      AND (b.sender_key IS NULL OR (r.sender_version, r.number) < (b.sender_version, b.number))
    ORDER BY r.sender_kind, r.sender_key, r.sender_version, r.number
    LIMIT p_limit
$$;

-- Owners who have been told something for a while and have not taken it in, in the order of their names, after one; with the last one
-- that was looked at, as ledger_inbox_waiting.
CREATE FUNCTION owner_rows_waiting(
    p_service_id text, p_partition integer, p_partitions integer, p_before timestamptz, p_now timestamptz,
    p_after_kind text, p_after_key text, p_steps integer)
RETURNS TABLE (owner_kind text, owner_key text, waits boolean, is_last boolean)
LANGUAGE sql STABLE
SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off SET jit = off
AS $$
    WITH RECURSIVE walk AS (
        (SELECT r.owner_kind, r.owner_key, r.sent_at, 1 AS step
         FROM owner_rows r
         WHERE r.service_id = p_service_id AND (r.owner_kind, r.owner_key) > (p_after_kind, p_after_key) AND NOT r.set_aside
         ORDER BY r.owner_kind, r.owner_key, r.sender_kind, r.sender_key, r.sender_version, r.number
         LIMIT 1)
        UNION ALL
        SELECT n.owner_kind, n.owner_key, n.sent_at, w.step + 1
        FROM walk w
        CROSS JOIN LATERAL (
            SELECT r.owner_kind, r.owner_key, r.sent_at
            FROM owner_rows r
            WHERE r.service_id = p_service_id AND (r.owner_kind, r.owner_key) > (w.owner_kind, w.owner_key) AND NOT r.set_aside
            ORDER BY r.owner_kind, r.owner_key, r.sender_kind, r.sender_key, r.sender_version, r.number
            LIMIT 1) AS n
        WHERE w.step < p_steps
    )
    SELECT w.owner_kind, w.owner_key,
           w.sent_at <= p_before
           AND (hashtext(w.owner_key) & 2147483647) % p_partitions = p_partition
           AND NOT EXISTS (
               SELECT FROM ledger_held h
               WHERE h.service_id = p_service_id AND h.owner_kind = w.owner_kind AND h.owner_key = w.owner_key
                 AND h.next_poke_at > p_now),
           w.step = p_steps
    FROM walk w
    ORDER BY w.step
$$;

-- Takes the rows out that a state has taken in (consumed, [[token, number], …]), notes those among them that it could not
-- take (parking, [{"token","number","error","at"}, …]), and what became of earlier ones (resolving,
-- [{"token","number","status","at","by","error"}, …]). Fewer rows than named refuse all of it.
CREATE FUNCTION ledger_inbox_consume(
    p_service_id text, p_kind text, p_key text, p_consumed jsonb, p_parking jsonb, p_resolving jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_row   record;
    v_found integer := 0;
    v_one   integer;
BEGIN
    IF jsonb_array_length(p_consumed) > 0 THEN
        -- By values that are known before it begins: of the partitions only the one is opened that holds the row.
        FOR v_row IN SELECT (e.value ->> 0)::bigint AS token, (e.value ->> 1)::integer AS number
                     FROM jsonb_array_elements(p_consumed) AS e (value) LOOP
            DELETE FROM ledger_inbox i
            WHERE i.service_id = p_service_id AND i.owner_kind = p_kind AND i.owner_key = p_key
              AND i.token = v_row.token AND i.number = v_row.number;
            GET DIAGNOSTICS v_one = ROW_COUNT;
            v_found := v_found + v_one;
        END LOOP;
        IF v_found < jsonb_array_length(p_consumed) THEN
            RAISE EXCEPTION '% % names % rows of its inbox, % are there', p_kind, p_key, jsonb_array_length(p_consumed), v_found
                USING ERRCODE = 'SP002';
        END IF;
    END IF;
    INSERT INTO ledger_parked (service_id, owner_kind, owner_key, token, number, error, attempts, status, parked_at)
    SELECT p_service_id, p_kind, p_key, (e.value ->> 'token')::bigint, (e.value ->> 'number')::integer, e.value ->> 'error', 1,
           'parked', (e.value ->> 'at')::timestamptz
    FROM jsonb_array_elements(p_parking) AS e (value);
    IF jsonb_array_length(p_resolving) > 0 THEN
        UPDATE ledger_parked p
        SET status = e.value ->> 'status', attempts = p.attempts + 1, error = coalesce(e.value ->> 'error', p.error),
            resolved_at = CASE WHEN e.value ->> 'status' <> 'parked' THEN (e.value ->> 'at')::timestamptz END,
            resolved_by = CASE WHEN e.value ->> 'status' <> 'parked' THEN e.value ->> 'by' END
        FROM jsonb_array_elements(p_resolving) AS e (value)
        WHERE p.service_id = p_service_id AND p.owner_kind = p_kind AND p.owner_key = p_key AND p.status = 'parked'
          AND p.token = (e.value ->> 'token')::bigint AND p.number = (e.value ->> 'number')::integer;
        GET DIAGNOSTICS v_found = ROW_COUNT;
        IF v_found < jsonb_array_length(p_resolving) THEN
            RAISE EXCEPTION '% % resolves % parked rows, % are there', p_kind, p_key, jsonb_array_length(p_resolving), v_found
                USING ERRCODE = 'SP002';
        END IF;
    END IF;
    IF jsonb_array_length(p_consumed) > 0 THEN
        DELETE FROM ledger_held h WHERE h.service_id = p_service_id AND h.owner_kind = p_kind AND h.owner_key = p_key;
    END IF;
END
$$;

-- Tells what an owner has booked of ledgers, [{"ledger","closedAt","address","moves"}, …], each as an event of which the journal is made.
CREATE FUNCTION ledger_tell_booked(p_service_id text, p_kind text, p_key text, p_version integer, p_booked jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM events_append(p_service_id, jsonb_agg(
        jsonb_build_object(
            'id', event_id_at(clock_timestamp(), concat_ws(' ', p_kind, p_key, p_version, b.place)), 'type', p_kind || '.booked',
            'at', b.booked ->> 'closedAt', 'subject', p_key,
            'data', b.booked - 'address' || jsonb_build_object('account', b.booked -> 'address'))
        ORDER BY b.place))
    FROM jsonb_array_elements(p_booked) WITH ORDINALITY AS b (booked, place)
    HAVING count(*) > 0;
END
$$;

-- Does what a state's write says under inbox, the write that made it p_version.
CREATE FUNCTION ledger_marks_apply(p_service_id text, p_kind text, p_key text, p_version integer, p_marks jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_marks ? 'addresses' THEN
        PERFORM ledger_addresses_register(p_service_id, p_kind, p_key, p_marks -> 'addresses');
    END IF;
    IF p_marks ? 'payTo' THEN
        PERFORM pay_to_register(p_service_id, p_kind, p_key, p_marks -> 'payTo');
    END IF;
    IF p_marks ? 'sent' THEN
        PERFORM owner_rows_send(p_service_id, p_kind, p_key, p_version, p_marks -> 'sent');
    END IF;
    IF p_marks ? 'received' OR p_marks ? 'setAside' THEN
        PERFORM owner_rows_take(
            p_service_id, p_kind, p_key, coalesce(p_marks -> 'received', '[]'), coalesce(p_marks -> 'setAside', '[]'));
    END IF;
    IF p_marks ? 'resolvedRows' THEN
        PERFORM owner_rows_resolve(p_service_id, p_kind, p_key, p_marks -> 'resolvedRows');
    END IF;
    IF p_marks ? 'suspended' THEN
        PERFORM suspense_enter(p_service_id, p_marks -> 'suspended');
    END IF;
    IF p_marks ? 'moved' THEN
        PERFORM suspense_move(p_service_id, p_marks -> 'moved');
    END IF;
    IF p_marks ? 'receipts' THEN
        PERFORM unmatched_receipts_enter(p_service_id, p_key, p_marks -> 'receipts');
    END IF;
    IF p_marks ? 'receiptMoves' THEN
        PERFORM unmatched_receipts_move(p_service_id, p_key, p_marks -> 'receiptMoves');
    END IF;
    IF p_marks ? 'booked' THEN
        PERFORM ledger_tell_booked(p_service_id, p_kind, p_key, p_version, p_marks -> 'booked');
    END IF;
    PERFORM ledger_inbox_consume(
        p_service_id, p_kind, p_key, coalesce(p_marks -> 'consumed', '[]'), coalesce(p_marks -> 'parking', '[]'),
        coalesce(p_marks -> 'resolving', '[]'));
END
$$;

-- Moves the watermark from one ledger to a later one, and writes what lies between for the owners whom it concerns: the
-- rows as parallel arrays, for each row the addresses that it names, and whom else it says it is for: an address, a number and perhaps
-- the key of him whom the number is to name there. Returns the owners that got something; one row
-- of nulls where nobody did; no row at all, and nothing written, where the watermark stood elsewhere. What each row moved of which address
-- is told besides (p_moved), for those that have no owner who books.
-- p_from_ledger null: the first watermark.
CREATE FUNCTION ledger_deliver(
    p_service_id text, p_from_ledger bigint, p_from_hash text,
    p_ledger bigint, p_hash text, p_closed_at timestamptz, p_anchors jsonb,
    p_tokens bigint[], p_numbers integer[], p_kinds text[], p_hashes text[], p_contents bytea[],
    p_named_rows integer[], p_named_addresses text[], p_named_credited boolean[],
    p_payee_rows integer[], p_payee_addresses text[], p_payee_numbers bigint[], p_payee_keys text[],
    p_balance_rows integer[], p_balance_ids text[], p_balance_creators text[], p_balance_assets text[], p_balance_stroops bigint[],
    p_moved_rows integer[], p_moved_addresses text[], p_moved_kinds text[], p_moved_assets text[], p_moved_stroops bigint[],
    p_moved_closed timestamptz[])
RETURNS TABLE (owner_kind text, owner_key text)
LANGUAGE plpgsql AS $$
BEGIN
    IF p_from_ledger IS NULL THEN
        INSERT INTO ledger_watermark AS w (service_id, ledger, hash, closed_at, anchors)
        VALUES (p_service_id, p_ledger, p_hash, p_closed_at, p_anchors)
        ON CONFLICT DO NOTHING;
    ELSE
        UPDATE ledger_watermark w
        SET ledger = p_ledger, hash = p_hash, closed_at = p_closed_at, anchors = w.anchors || p_anchors, moved_at = now()
        WHERE w.service_id = p_service_id AND w.ledger = p_from_ledger AND w.hash = p_from_hash;
    END IF;
    IF NOT found THEN
        RETURN;
    END IF;

    -- What the platform's own accounts have by it: they are booked here, and by nobody again. One event a ledger.
    PERFORM events_append(p_service_id, jsonb_build_array(jsonb_build_object(
        'id', event_id_at(clock_timestamp(), 'platform ' || b.ledger), 'type', 'platform.booked', 'at', b.closed_at, 'subject', 'platform',
        'data', jsonb_build_object('ledger', b.ledger, 'closedAt', b.closed_at, 'moves', b.moves))))
    FROM (
        SELECT g.ledger, max(g.closed_at) AS closed_at,
               jsonb_agg(
                   jsonb_build_object(
                       'kind', g.kind, 'address', g.address, 'asset', g.asset, 'amount', (g.stroops / 10000000)::numeric(30, 7)::text,
                       'in', g.kind = 'received')
                   || CASE WHEN g.kind = 'fee' THEN '{}' ELSE jsonb_build_object(
                       'operationId', p_tokens[g.row_number] || '-' || p_numbers[g.row_number],
                       'transactionHash', p_hashes[g.row_number]) END
                   ORDER BY g.row_number, g.address, g.kind) AS moves
        FROM (
            -- Fees are many: their sum is told.
            SELECT p_tokens[m.row_number] >> 32 AS ledger, max(m.closed_at) AS closed_at, m.kind, m.address, m.asset,
                   sum(m.stroops) AS stroops, min(m.row_number) AS row_number
            FROM unnest(p_moved_rows, p_moved_addresses, p_moved_kinds, p_moved_assets, p_moved_stroops, p_moved_closed)
                WITH ORDINALITY AS m (row_number, address, kind, asset, stroops, closed_at, place)
            JOIN ledger_addresses a ON a.service_id = p_service_id AND a.address = m.address AND a.owner_kind = 'suspense'
            GROUP BY 1, m.kind, m.address, m.asset, CASE WHEN m.kind = 'fee' THEN 0 ELSE m.place END) AS g
        GROUP BY g.ledger
        ORDER BY g.ledger) AS b;

    RETURN QUERY
    WITH named AS MATERIALIZED (
        SELECT n.row_number, a.owner_kind, a.owner_key, bool_or(n.credited OR NOT a.credits_only) AS given
        FROM unnest(p_named_rows, p_named_addresses, p_named_credited) AS n (row_number, address, credited)
        JOIN ledger_addresses a ON a.service_id = p_service_id AND a.address = n.address
        GROUP BY n.row_number, a.owner_kind, a.owner_key
        UNION ALL
        -- Witnesses: of others' kinds than the owner of the address, so that nobody is named twice.
        SELECT p.row_number, t.owner_kind, t.owner_key, true
        FROM unnest(p_payee_rows, p_payee_addresses, p_payee_numbers, p_payee_keys) AS p (row_number, address, number, key)
        JOIN pay_to t ON t.service_id = p_service_id AND t.address = p.address AND t.number = p.number
            AND (p.key IS NULL OR p.key = t.owner_key)
    ), created AS (
        INSERT INTO claimable_balances (service_id, balance_id, creator, asset, stroops, ledger)
        SELECT p_service_id, b.id, b.creator, b.asset, b.stroops, p_tokens[b.row_number] >> 32
        FROM unnest(p_balance_rows, p_balance_ids, p_balance_creators, p_balance_assets, p_balance_stroops)
            AS b (row_number, id, creator, asset, stroops)
        WHERE b.row_number IN (SELECT n.row_number FROM named n)
        ON CONFLICT DO NOTHING
    ), moved AS (
        INSERT INTO ledger_movements (service_id, token, number, kind, transaction_hash, readers, content)
        SELECT p_service_id, p_tokens[n.row_number], p_numbers[n.row_number], p_kinds[n.row_number],
               p_hashes[n.row_number],
               coalesce(array_agg(n.owner_kind || '/' || n.owner_key) FILTER (WHERE n.given), '{}'), p_contents[n.row_number]
        FROM named n
        GROUP BY n.row_number
    ), waiting AS (
        INSERT INTO ledger_inbox AS i (service_id, owner_kind, owner_key, token, number)
        SELECT p_service_id, n.owner_kind, n.owner_key, p_tokens[n.row_number], p_numbers[n.row_number]
        FROM named n
        WHERE n.given
        RETURNING i.owner_kind, i.owner_key
    )
    SELECT DISTINCT w.owner_kind, w.owner_key FROM waiting w
    UNION ALL
    SELECT NULL, NULL;
END
$$;

-- Who among the readers of a movement is its witness: whom it named at the address when it was delivered. Null for nobody.
CREATE FUNCTION ledger_witness(p_readers text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT substr(r.reader, length('payment_session/') + 1) FROM unnest(p_readers) AS r (reader)
    WHERE r.reader LIKE 'payment\_session/%'
    LIMIT 1
$$;

-- An owner's next rows and the watermark, of one snapshot: below the watermark there are no others. A first row without a
-- place carries the watermark alone.
CREATE FUNCTION ledger_inbox_read(p_service_id text, p_kind text, p_key text, p_limit integer)
RETURNS TABLE (ledger bigint, closed_at timestamptz, token bigint, number integer, kind text, content bytea, witness text)
LANGUAGE sql STABLE AS $$
    SELECT w.ledger, w.closed_at, NULL::bigint, NULL::integer, NULL::text, NULL::bytea, NULL::text
    FROM ledger_watermark w
    WHERE w.service_id = p_service_id
    UNION ALL
    SELECT NULL, NULL, r.token, r.number, m.kind, m.content, ledger_witness(m.readers)
    FROM (
        SELECT i.token, i.number
        FROM ledger_inbox i
        WHERE i.service_id = p_service_id AND i.owner_kind = p_kind AND i.owner_key = p_key
        ORDER BY i.token, i.number
        LIMIT p_limit
    ) AS r
    JOIN ledger_movements m ON m.service_id = p_service_id AND m.token = r.token AND m.number = r.number
$$;

-- Whether a ledger holds a transaction of ours, by any of its hashes, and how far ledgers have been read, of one snapshot.
-- In doubt where something could not be read that may be it: under its hash, or under none for the owner of its source,
-- whether it is parked or waits to be drained.
CREATE FUNCTION ledger_outcome(p_service_id text, p_source text, p_hashes text[])
RETURNS TABLE (ledger bigint, closed_at timestamptz, token bigint, content bytea, in_doubt boolean)
LANGUAGE sql STABLE AS $$
    SELECT w.ledger, w.closed_at, o.token, o.content,
           EXISTS (
               SELECT FROM ledger_movements m
               WHERE m.service_id = p_service_id AND m.transaction_hash = ANY (p_hashes) AND m.kind = 'unread')
           OR EXISTS (
               SELECT FROM ledger_addresses a
               JOIN ledger_parked p ON p.service_id = a.service_id AND p.owner_kind = a.owner_kind
                   AND p.owner_key = a.owner_key AND p.status = 'parked'
               JOIN ledger_movements m ON m.service_id = p.service_id AND m.token = p.token AND m.number = p.number
               WHERE a.service_id = p_service_id AND a.address = p_source
                 AND m.kind = 'unread' AND m.transaction_hash IS NULL)
           OR EXISTS (
               SELECT FROM ledger_addresses a
               JOIN ledger_inbox i ON i.service_id = a.service_id AND i.owner_kind = a.owner_kind AND i.owner_key = a.owner_key
               JOIN ledger_movements m ON m.service_id = i.service_id AND m.token = i.token AND m.number = i.number
               WHERE a.service_id = p_service_id AND a.address = p_source
                 AND m.kind = 'unread' AND m.transaction_hash IS NULL)
    FROM ledger_watermark w
    LEFT JOIN LATERAL (
        SELECT m.token, m.content
        FROM ledger_movements m
        WHERE m.service_id = p_service_id AND m.transaction_hash = ANY (p_hashes) AND m.kind = 'outcome'
        ORDER BY m.token
        LIMIT 1) AS o ON true
    WHERE w.service_id = p_service_id
$$;

-- Owners whose oldest row has waited, in the order of their names, after one: the sweep goes round by owner. Jumps in the
-- index from owner to owner, over at most p_steps of them, so that a backlog costs what it has owners and not what it has
-- rows. The last owner that was looked at is returned too, not waiting where it is none to poke, if there may be others
-- after it.
CREATE FUNCTION ledger_inbox_waiting(
    p_service_id text, p_partition integer, p_partitions integer, p_before timestamptz, p_now timestamptz,
    p_after_kind text, p_after_key text, p_steps integer)
RETURNS TABLE (owner_kind text, owner_key text, waits boolean, is_last boolean)
LANGUAGE sql STABLE
-- A queue's statistics are those of a moment, often of an empty one: by them it costs nothing to read all rows that follow and to
-- sort them, at each jump. What is switched off counts as very dear, and what is dear is compiled: that too is switched off.
SET enable_bitmapscan = off SET enable_seqscan = off SET enable_sort = off SET jit = off
AS $$
    WITH RECURSIVE walk AS (
        (SELECT i.owner_kind, i.owner_key, i.delivered_at, 1 AS step
         FROM ledger_inbox i
         WHERE i.service_id = p_service_id AND (i.owner_kind, i.owner_key) > (p_after_kind, p_after_key)
         ORDER BY i.owner_kind, i.owner_key, i.token, i.number
         LIMIT 1)
        UNION ALL
        SELECT n.owner_kind, n.owner_key, n.delivered_at, w.step + 1
        FROM walk w
        CROSS JOIN LATERAL (
            SELECT i.owner_kind, i.owner_key, i.delivered_at
            FROM ledger_inbox i
            WHERE i.service_id = p_service_id AND (i.owner_kind, i.owner_key) > (w.owner_kind, w.owner_key)
            ORDER BY i.owner_kind, i.owner_key, i.token, i.number
            LIMIT 1) AS n
        WHERE w.step < p_steps
    ), judged AS (
        SELECT w.owner_kind, w.owner_key, w.step,
               w.delivered_at <= p_before
               AND (hashtext(w.owner_key) & 2147483647) % p_partitions = p_partition
               AND NOT EXISTS (
                   SELECT FROM ledger_held h
                   WHERE h.service_id = p_service_id AND h.owner_kind = w.owner_kind AND h.owner_key = w.owner_key
                     AND h.next_poke_at > p_now) AS waits
        FROM walk w
    )
    SELECT j.owner_kind, j.owner_key, j.waits, j.step = p_steps
    FROM judged j
    WHERE j.waits OR j.step = p_steps
    ORDER BY j.step
$$;

-- An owner failed to drain and cannot write: the next poke comes later, after at most five minutes.
CREATE FUNCTION ledger_hold(p_service_id text, p_kind text, p_key text, p_now timestamptz, p_error text) RETURNS integer
LANGUAGE sql AS $$
    INSERT INTO ledger_held AS h (service_id, owner_kind, owner_key, held_since, next_poke_at, failures, error)
    VALUES (p_service_id, p_kind, p_key, p_now, p_now + interval '2 seconds', 1, p_error)
    ON CONFLICT (service_id, owner_kind, owner_key) DO UPDATE
    SET failures = h.failures + 1, error = excluded.error,
        next_poke_at = p_now + least(interval '2 seconds' * power(2, least(h.failures, 8)), interval '5 minutes')
    RETURNING failures
$$;
