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

-- Whoever compares all the time: up to where of the journal it is known which accounts changed, and up to which address of the walk over
-- all accounts, which begins once a day (null where today's is over). One process at a time is at it, by a token that another has after a
-- minute in which nobody renewed it.
CREATE TABLE book_comparisons (
    service_id    text        NOT NULL CONSTRAINT book_comparisons_pkey PRIMARY KEY,
    day           date        NOT NULL DEFAULT '-infinity',
    number        bigint      NOT NULL DEFAULT 0,
    walked_to     text        DEFAULT '',
    walk_began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- How many accounts there were when it began.
    walk_size     bigint      NOT NULL DEFAULT 0,
    token         uuid,
    taken_until   timestamptz NOT NULL DEFAULT '-infinity'
);

-- The accounts that are to be compared: touched by an entry of the journal, or looked at and not to be told yet. One row however often;
-- the first stays the first, so that nobody who is touched all the time keeps others from their turn.
CREATE TABLE book_uncompared (
    service_id text        NOT NULL,
    address    text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- How often it was looked at and could not be told, and why it could not the last time.
    attempts   integer     NOT NULL DEFAULT 0,
    unclear    text,
    -- An account's, when it was looked at.
    CONSTRAINT book_uncompared_pkey PRIMARY KEY (service_id, address)
);

-- Whose turn is next.
CREATE INDEX book_uncompared_due ON book_uncompared (service_id, due_at, address);

-- The oldest, for alarms.
CREATE INDEX book_uncompared_since ON book_uncompared (service_id, since);

-- What is to be compared next, for whoever has the token: accounts whose turn it is, and the next of the walk over all; those are as many
-- as make a day of it, of so many seconds each. One row with the token alone where there is none to compare, and no row where another is at it.
CREATE FUNCTION book_comparisons_take(
    p_service_id text, p_entries integer, p_accounts integer, p_walk integer, p_seconds integer)
RETURNS TABLE (token uuid, address text, is_walk boolean)
LANGUAGE plpgsql AS $$
DECLARE
    v_now    timestamptz := clock_timestamp();
    v_row    book_comparisons;
    v_day    date;
    v_number bigint;
    v_walk   text[];
BEGIN
    INSERT INTO book_comparisons (service_id) VALUES (p_service_id) ON CONFLICT DO NOTHING;
    SELECT * INTO v_row FROM book_comparisons c WHERE c.service_id = p_service_id AND c.taken_until <= v_now FOR UPDATE SKIP LOCKED;
    IF NOT found THEN
        RETURN;
    END IF;
    IF v_row.walked_to IS NULL AND v_row.walk_began_at <= v_now - interval '1 day' THEN
        v_row.walked_to := '';
        v_row.walk_began_at := v_now;
        v_row.walk_size := 0;
    END IF;
    IF v_row.walk_size = 0 AND v_row.walked_to IS NOT NULL THEN
        v_row.walk_size := (SELECT count(*) FROM ledger_addresses a WHERE a.service_id = p_service_id);
    END IF;

    -- Whom the next entries touch is written down in the transaction that goes past them.
    SELECT n.day, n.number INTO v_day, v_number
    FROM (
        SELECT j.day, j.number FROM journal j
        WHERE j.service_id = p_service_id AND (j.day, j.number) > (v_row.day, v_row.number)
        ORDER BY j.day, j.number
        LIMIT p_entries) AS n
    ORDER BY n.day DESC, n.number DESC
    LIMIT 1;
    INSERT INTO book_uncompared AS u (service_id, address, since, due_at)
    SELECT p_service_id, t.address, v_now, v_now
    FROM (
        SELECT DISTINCT coalesce(a.address, o.owner) AS address
        FROM (
            SELECT DISTINCT l.line ->> 'owner' AS owner
            FROM journal j CROSS JOIN LATERAL jsonb_array_elements(j.lines) AS l (line)
            WHERE j.service_id = p_service_id AND (j.day, j.number) > (v_row.day, v_row.number) AND (j.day, j.number) <= (v_day, v_number)
              AND l.line ->> 'account' = 'ledger') AS o
        LEFT JOIN ledger_addresses a ON a.service_id = p_service_id AND a.owner_key = o.owner
            AND a.owner_kind = CASE left(o.owner, 4)
                WHEN 'wal_' THEN 'wallet' WHEN 'mer_' THEN 'merchant' WHEN 'pay_' THEN 'payment_address' END) AS t
    ORDER BY t.address
    -- What was not to be told may be now.
    ON CONFLICT ON CONSTRAINT book_uncompared_pkey DO UPDATE SET due_at = least(u.due_at, excluded.due_at), attempts = 0
    WHERE u.attempts > 0;

    SELECT array_agg(n.address ORDER BY n.address) INTO v_walk
    FROM (
        SELECT a.address FROM ledger_addresses a
        WHERE a.service_id = p_service_id AND a.address > v_row.walked_to
        ORDER BY a.address
        LIMIT greatest(p_walk, ceil(v_row.walk_size * p_seconds / 72000.0)::integer)) AS n;
    IF v_walk IS NULL THEN
        v_row.walked_to := NULL;
    END IF;
    UPDATE book_comparisons c
    SET day = coalesce(v_day, c.day), number = coalesce(v_number, c.number), walked_to = v_row.walked_to,
        walk_began_at = v_row.walk_began_at, walk_size = v_row.walk_size, token = gen_random_uuid(), taken_until = v_now + interval '1 minute'
    WHERE c.service_id = p_service_id
    RETURNING c.token INTO v_row.token;
    RETURN QUERY
        (SELECT v_row.token, u.address, false
         FROM book_uncompared u
         WHERE u.service_id = p_service_id AND u.due_at <= v_now AND u.address <> ALL (coalesce(v_walk, '{}'))
         ORDER BY u.due_at, u.address
         LIMIT p_accounts)
        UNION ALL
        SELECT v_row.token, w.address, true FROM unnest(coalesce(v_walk, '{}')) AS w (address)
        UNION ALL
        SELECT v_row.token, NULL, false;
END
$$;

-- Whether the token is still whose it was, for another minute.
CREATE FUNCTION book_comparisons_renew(p_service_id text, p_token uuid) RETURNS boolean
LANGUAGE sql AS $$
    WITH renewed AS (
        UPDATE book_comparisons c SET taken_until = clock_timestamp() + interval '1 minute'
        WHERE c.service_id = p_service_id AND c.token = p_token
        RETURNING true)
    SELECT EXISTS (SELECT FROM renewed)
$$;

-- The token is given back; the walk has come to an address (null: nowhere). Whether it still was whose it was.
CREATE FUNCTION book_comparisons_end(p_service_id text, p_token uuid, p_walked_to text) RETURNS boolean
LANGUAGE sql AS $$
    WITH ended AS (
        UPDATE book_comparisons c
        SET walked_to = coalesce(p_walked_to, c.walked_to), token = NULL, taken_until = clock_timestamp()
        WHERE c.service_id = p_service_id AND c.token = p_token
        RETURNING true)
    SELECT EXISTS (SELECT FROM ended)
$$;

-- What came of looking at an account: the assets of which the chain says something else (none where all is well), those that could not be
-- compared (p_left; null: none could), and why. What is new, other than before, or over is an event. What could not be told is looked at
-- again, each time later. Null, and nothing is noted, for whoever has the token no more: what he looked at may have changed since.
CREATE FUNCTION book_differences_note(
    p_service_id text, p_token uuid, p_address text, p_owner text, p_ledger bigint, p_assets text[], p_chain bigint[], p_booked numeric[],
    p_left text[], p_unclear text)
RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_row record;
BEGIN
    PERFORM FROM book_comparisons c WHERE c.service_id = p_service_id AND c.token = p_token FOR SHARE;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    IF p_unclear IS NULL THEN
        DELETE FROM book_uncompared u WHERE u.service_id = p_service_id AND u.address = p_address;
    ELSE
        INSERT INTO book_uncompared AS u (service_id, address, due_at, attempts, unclear)
        VALUES (p_service_id, p_address, clock_timestamp() + interval '5 seconds', 1, p_unclear)
        ON CONFLICT (service_id, address) DO UPDATE
        SET attempts = u.attempts + 1, unclear = excluded.unclear,
            due_at = clock_timestamp() + least(interval '5 seconds' * 2 ^ least(u.attempts, 20), interval '1 hour');
    END IF;
    FOR v_row IN
        SELECT coalesce(n.asset, d.asset) AS asset, n.asset IS NULL AS is_over, n.chain, n.booked,
               n.asset IS NULL OR d.asset IS NULL OR d.chain - d.booked <> n.chain - n.booked AS is_new
        FROM (SELECT * FROM unnest(p_assets, p_chain, p_booked) AS n (asset, chain, booked)) AS n
        FULL JOIN (SELECT * FROM book_differences d WHERE d.service_id = p_service_id AND d.address = p_address) AS d ON d.asset = n.asset
        -- Of what was not compared nobody knows that it is over.
        WHERE n.asset IS NOT NULL OR d.asset <> ALL (p_left)
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

-- An account that is nobody's of ours any more is not compared.
CREATE FUNCTION book_uncompared_forget(p_service_id text, p_token uuid, p_addresses text[]) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM book_uncompared u
    USING book_comparisons c
    WHERE u.service_id = p_service_id AND u.address = ANY (p_addresses) AND c.service_id = p_service_id AND c.token = p_token
$$;

-- For how long the account that waits longest was not compared, and how long the walk over all takes that should take a day.
CREATE FUNCTION book_uncompared_oldest(p_service_id text)
RETURNS TABLE (age interval, address text, unclear text, accounts bigint, unclear_accounts bigint, walk_age interval)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(clock_timestamp() - o.since, interval '0'), o.address, o.unclear, n.accounts, n.unclear_accounts,
           coalesce(CASE WHEN c.walked_to IS NOT NULL THEN clock_timestamp() - c.walk_began_at END, interval '0')
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (
        SELECT u.since, u.address, u.unclear FROM book_uncompared u WHERE u.service_id = p_service_id ORDER BY u.since LIMIT 1) AS o ON true
    CROSS JOIN LATERAL (
        SELECT count(*) AS accounts, count(*) FILTER (WHERE u.attempts > 0) AS unclear_accounts
        FROM (SELECT u.attempts FROM book_uncompared u WHERE u.service_id = p_service_id LIMIT 10000) AS u) AS n
    LEFT JOIN book_comparisons c ON c.service_id = p_service_id
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

-- What the owners of accounts have not taken in, or could not yet. What an operator closed is on the chain and in no books: that it differs
-- is so. What comes to the platform's accounts is booked as it is delivered, and does not wait.
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
            AND p.status = 'parked'
    )
    SELECT p.address, m.token, m.number, m.kind, m.content
    FROM place p
    JOIN ledger_movements m ON m.service_id = p_service_id AND m.token = p.token AND m.number = p.number
$$;
