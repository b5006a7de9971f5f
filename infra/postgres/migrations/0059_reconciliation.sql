-- The books beside the chain (docs/decisions/0058): where they differ, and how far those who compare have come.

-- The accounts of which the chain says something else than the books. No row where all is well.
CREATE TABLE book_differences (
    service_id text        NOT NULL,
    address    text        NOT NULL,
    asset      text        NOT NULL,
    owner      text        NOT NULL,
    -- What the chain says, and what is booked, not drained and parked, in stroops.
    chain      bigint      NOT NULL,
    booked     numeric     NOT NULL,
    ledger     bigint      NOT NULL,
    found_at   timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    -- An account's, when it is looked at.
    CONSTRAINT book_differences_pkey PRIMARY KEY (service_id, address, asset)
);

-- Whoever compares all the time: up to where of the journal, and up to which address of the walk over all accounts, which begins once a day
-- (null where today's is over). What was taken and is not done by taken_until is taken again.
CREATE TABLE book_comparisons (
    service_id   text        NOT NULL CONSTRAINT book_comparisons_pkey PRIMARY KEY,
    day          date        NOT NULL,
    number       bigint      NOT NULL,
    walked_to    text,
    walk_began_at timestamptz NOT NULL,
    taken_until  timestamptz NOT NULL,
    next_day     date        NOT NULL,
    next_number  bigint      NOT NULL,
    next_walked_to text
);

-- The accounts that the journal's next entries touch, and the next of the walk over all; for one process at a time. No row where another
-- is at it.
CREATE FUNCTION book_comparisons_take(p_service_id text, p_now timestamptz, p_entries integer, p_walk integer) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    v_row    book_comparisons;
    v_day    date;
    v_number bigint;
    v_walk   text[];
    v_found  text[];
BEGIN
    INSERT INTO book_comparisons (service_id, day, number, walked_to, walk_began_at, taken_until, next_day, next_number)
    VALUES (p_service_id, '-infinity', 0, '', p_now, p_now - interval '1 second', '-infinity', 0)
    ON CONFLICT DO NOTHING;
    SELECT * INTO v_row FROM book_comparisons c WHERE c.service_id = p_service_id AND c.taken_until <= p_now FOR UPDATE SKIP LOCKED;
    IF NOT found THEN
        RETURN;
    END IF;
    IF v_row.walked_to IS NULL AND v_row.walk_began_at <= p_now - interval '1 day' THEN
        v_row.walked_to := '';
        v_row.walk_began_at := p_now;
    END IF;

    SELECT n.day, n.number INTO v_day, v_number
    FROM (
        SELECT j.day, j.number FROM journal j
        WHERE j.service_id = p_service_id AND (j.day, j.number) > (v_row.day, v_row.number)
        ORDER BY j.day, j.number
        LIMIT p_entries) AS n
    ORDER BY n.day DESC, n.number DESC
    LIMIT 1;
    SELECT array_agg(n.address ORDER BY n.address) INTO v_walk
    FROM (
        SELECT a.address FROM ledger_addresses a
        WHERE a.service_id = p_service_id AND a.address > v_row.walked_to
        ORDER BY a.address
        LIMIT p_walk) AS n;
    SELECT array_agg(f.address) INTO v_found
    FROM (
        SELECT coalesce(a.address, t.owner) AS address
        FROM (
            SELECT DISTINCT l.line ->> 'owner' AS owner
            FROM journal j CROSS JOIN LATERAL jsonb_array_elements(j.lines) AS l (line)
            WHERE j.service_id = p_service_id AND (j.day, j.number) > (v_row.day, v_row.number) AND (j.day, j.number) <= (v_day, v_number)
              AND l.line ->> 'account' = 'ledger') AS t
        LEFT JOIN ledger_addresses a ON a.service_id = p_service_id AND a.owner_key = t.owner
            AND a.owner_kind = CASE left(t.owner, 4) WHEN 'wal_' THEN 'wallet' WHEN 'mer_' THEN 'merchant' END
        UNION
        SELECT unnest(v_walk)) AS f;
    UPDATE book_comparisons c
    SET walked_to = v_row.walked_to, walk_began_at = v_row.walk_began_at, next_day = coalesce(v_day, c.day),
        next_number = coalesce(v_number, c.number), next_walked_to = v_walk[cardinality(v_walk)],
        taken_until = p_now + interval '1 minute'
    WHERE c.service_id = p_service_id;
    IF v_found IS NULL THEN
        -- Nobody ends what is nothing.
        PERFORM book_comparisons_end(p_service_id, p_now, true);
    END IF;
    RETURN QUERY SELECT unnest(v_found);
END
$$;

-- What was taken is done, and the next may be taken; or the same again.
CREATE FUNCTION book_comparisons_end(p_service_id text, p_now timestamptz, p_done boolean) RETURNS void
LANGUAGE sql AS $$
    UPDATE book_comparisons c
    SET day = CASE WHEN p_done THEN c.next_day ELSE c.day END,
        number = CASE WHEN p_done THEN c.next_number ELSE c.number END,
        walked_to = CASE WHEN p_done THEN c.next_walked_to ELSE c.walked_to END,
        taken_until = p_now
    WHERE c.service_id = p_service_id
$$;

-- What came of looking at an account: the assets of which the chain says something else (none where all is well). What is new, other than
-- before, or over is an event. Returns how many accounts' assets differ in all.
CREATE FUNCTION book_differences_note(
    p_service_id text, p_address text, p_owner text, p_ledger bigint, p_assets text[], p_chain bigint[], p_booked numeric[])
RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_row record;
BEGIN
    FOR v_row IN
        SELECT coalesce(n.asset, d.asset) AS asset, n.asset IS NULL AS is_over, n.chain, n.booked,
               n.asset IS NULL OR d.asset IS NULL OR d.chain - d.booked <> n.chain - n.booked AS is_new
        FROM (SELECT * FROM unnest(p_assets, p_chain, p_booked) AS n (asset, chain, booked)) AS n
        FULL JOIN (SELECT * FROM book_differences d WHERE d.service_id = p_service_id AND d.address = p_address) AS d ON d.asset = n.asset
        ORDER BY 1
    LOOP
        IF v_row.is_over THEN
            DELETE FROM book_differences d WHERE d.service_id = p_service_id AND d.address = p_address AND d.asset = v_row.asset;
        ELSE
            INSERT INTO book_differences AS d (service_id, address, asset, owner, chain, booked, ledger)
            VALUES (p_service_id, p_address, v_row.asset, p_owner, v_row.chain, v_row.booked, p_ledger)
            ON CONFLICT (service_id, address, asset) DO UPDATE
            SET chain = excluded.chain, booked = excluded.booked, ledger = excluded.ledger, seen_at = now();
        END IF;
        IF v_row.is_new THEN
            PERFORM events_append(p_service_id, jsonb_build_array(jsonb_build_object(
                'id', event_id_at(clock_timestamp(), concat_ws(' ', 'books', p_address, v_row.asset, clock_timestamp())),
                'type', CASE WHEN v_row.is_over THEN 'books.difference_over' ELSE 'books.difference_found' END,
                'at', clock_timestamp(), 'subject', p_owner,
                'data', jsonb_build_object(
                    'address', p_address, 'asset', v_row.asset, 'ledger', p_ledger, 'chain', v_row.chain::text,
                    'booked', v_row.booked::text))));
        END IF;
    END LOOP;
    RETURN (SELECT count(*) FROM book_differences d WHERE d.service_id = p_service_id);
END
$$;

-- What accounts have by the journal: a row for each asset, or one without where nothing is posted; and whether their owner has told of
-- something that is not posted yet. Addresses of the platform are owners themselves.
CREATE FUNCTION books_read(p_service_id text, p_addresses text[])
RETURNS TABLE (address text, owner text, is_behind boolean, asset text, stroops numeric)
LANGUAGE sql STABLE AS $$
    WITH cursor AS (
        SELECT coalesce(max(p.xid), '0') AS xid, coalesce(max(p.id), 0) AS id
        FROM projections p
        WHERE p.service_id = p_service_id AND p.name = 'journal'
    ), behind AS MATERIALIZED (
        SELECT DISTINCT e.subject
        FROM cursor c
        JOIN events e ON e.xid >= c.xid AND (e.xid, e.id) > (c.xid, c.id) AND e.service_id = p_service_id AND e.type LIKE '%.booked'
    ), account AS (
        SELECT a.address, CASE WHEN a.owner_kind = 'suspense' THEN a.address ELSE a.owner_key END AS owner,
               CASE WHEN a.owner_kind = 'suspense' THEN 'platform' ELSE a.owner_key END AS subject
        FROM ledger_addresses a
        WHERE a.service_id = p_service_id AND a.address = ANY (p_addresses)
    )
    SELECT a.address, a.owner, EXISTS (SELECT FROM behind b WHERE b.subject = a.subject), b.asset, -b.stroops
    FROM account a
    LEFT JOIN journal_balances b ON b.service_id = p_service_id AND b.owner = a.owner AND b.account = 'ledger'
$$;

-- What the owners of accounts have not taken in, could not, or have given up. What comes to the platform's accounts is booked as it is
-- delivered, and does not wait.
CREATE FUNCTION books_waiting(p_service_id text, p_addresses text[])
RETURNS TABLE (address text, token bigint, number integer, kind text, content bytea)
LANGUAGE sql STABLE AS $$
    WITH account AS (
        SELECT a.address, a.owner_kind, a.owner_key
        FROM ledger_addresses a
        WHERE a.service_id = p_service_id AND a.address = ANY (p_addresses) AND a.owner_kind <> 'suspense'
    ), place AS (
        SELECT a.address, i.token, i.number
        FROM account a
        JOIN ledger_inbox i ON i.service_id = p_service_id AND i.owner_kind = a.owner_kind AND i.owner_key = a.owner_key
        UNION
        SELECT a.address, p.token, p.number
        FROM account a
        JOIN ledger_parked p ON p.service_id = p_service_id AND p.owner_kind = a.owner_kind AND p.owner_key = a.owner_key
            AND p.status <> 'applied'
    )
    SELECT p.address, m.token, m.number, m.kind, m.content
    FROM place p
    JOIN ledger_movements m ON m.service_id = p_service_id AND m.token = p.token AND m.number = p.number
$$;
