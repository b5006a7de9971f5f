-- The books (docs/decisions/0058, docs/books.md): a double-entry journal made from events. An entry is one row with its lines. In a line
-- stroops are positive where an account is credited and negative where it is debited, so that those of an asset sum to nothing.

-- What there is an account for. Each has a balance for each owner and asset.
CREATE TABLE journal_accounts (
    name    text NOT NULL CONSTRAINT journal_accounts_pkey PRIMARY KEY,
    -- Whether it says what we have, and is debited when that grows, or whose it is, and is credited.
    side    text NOT NULL CHECK (side IN ('asset', 'liability')),
    meaning text NOT NULL
);

INSERT INTO journal_accounts (name, side, meaning) VALUES
    ('ledger', 'asset', 'what the owner''s account holds on the ledger'),
    ('claimable_ledger', 'asset', 'claimable balances that the owner made and nobody has claimed'),
    ('wallet', 'liability', 'a user''s wallet'),
    ('merchant_unallocated', 'liability', 'what a merchant received and no session has judged, or names none'),
    ('merchant_pending', 'liability', 'what sessions received that are not paid in full'),
    ('merchant_available', 'liability', 'what a merchant may spend'),
    ('merchant_held', 'liability', 'what a merchant''s payers may have back'),
    ('merchant_refunds', 'liability', 'what is set aside to be paid back'),
    ('merchant_reserve', 'liability', 'what is kept back of a merchant''s money for a while'),
    ('merchant_fees', 'liability', 'the platform''s fees that are still on a merchant''s account'),
    ('payment_address', 'liability', 'what came to a session''s own account and is not with its merchant yet'),
    ('claimable', 'liability', 'what whoever may claim the owner''s claimable balances has coming'),
    ('platform', 'liability', 'the platform''s own: treasury, sponsors, fee payers, notary'),
    ('suspense', 'liability', 'deposits to an account of the platform that are not known to be anybody''s'),
    ('unposted', 'liability', 'what an event moved and no template knows; must be nothing');

-- Which event debits and credits what. The amount is a kind of move, where the event tells moves, or else the name of one of its amounts.
-- The owner is the move's address, else the event's, else its subject.
CREATE TABLE journal_templates (
    event_type text NOT NULL,
    amount     text NOT NULL,
    debit      text NOT NULL CONSTRAINT journal_templates_debit_fkey REFERENCES journal_accounts (name),
    credit     text NOT NULL CONSTRAINT journal_templates_credit_fkey REFERENCES journal_accounts (name),
    -- journal_lines.
    CONSTRAINT journal_templates_pkey PRIMARY KEY (event_type, amount, debit, credit)
);

INSERT INTO journal_templates (event_type, amount, debit, credit) VALUES
    ('wallet.booked', 'received', 'ledger', 'wallet'),
    ('wallet.booked', 'sent', 'wallet', 'ledger'),
    ('wallet.booked', 'fee', 'wallet', 'ledger'),
    ('wallet.booked', 'clawed_back', 'wallet', 'ledger'),
    ('wallet.booked', 'set_aside', 'wallet', 'ledger'),
    ('wallet.booked', 'set_aside', 'claimable_ledger', 'claimable'),
    ('wallet.booked', 'claimed', 'claimable', 'claimable_ledger'),
    ('merchant.booked', 'received', 'ledger', 'merchant_unallocated'),
    ('merchant.booked', 'refunded', 'merchant_refunds', 'ledger'),
    ('merchant.booked', 'sent', 'merchant_available', 'ledger'),
    ('merchant.booked', 'fee', 'merchant_available', 'ledger'),
    ('merchant.booked', 'clawed_back', 'merchant_available', 'ledger'),
    ('payment_address.booked', 'received', 'ledger', 'payment_address'),
    ('payment_address.booked', 'sent', 'payment_address', 'ledger'),
    ('payment_address.booked', 'fee', 'payment_address', 'ledger'),
    ('payment_address.booked', 'clawed_back', 'payment_address', 'ledger'),
    ('merchant.allocated', 'counted', 'merchant_unallocated', 'merchant_pending'),
    ('merchant.allocated', 'kept', 'merchant_unallocated', 'merchant_available'),
    ('merchant.allocated', 'held', 'merchant_unallocated', 'merchant_held'),
    ('merchant.allocated', 'accepted', 'merchant_held', 'merchant_pending'),
    ('merchant.allocated', 'credited', 'merchant_held', 'merchant_available'),
    ('merchant.allocated', 'settled', 'merchant_pending', 'merchant_available'),
    ('merchant.allocated', 'released', 'merchant_pending', 'merchant_held'),
    ('merchant.allocated', 'fee', 'merchant_available', 'merchant_fees'),
    ('merchant.topped_up', 'amount', 'merchant_unallocated', 'merchant_available'),
    ('merchant.refund_reserved', 'unallocated', 'merchant_unallocated', 'merchant_refunds'),
    ('merchant.refund_reserved', 'held', 'merchant_held', 'merchant_refunds'),
    ('merchant.refund_reserved', 'available', 'merchant_available', 'merchant_refunds'),
    ('merchant.refund_reserved', 'fee', 'merchant_fees', 'merchant_available'),
    ('merchant.refund_released', 'unallocated', 'merchant_refunds', 'merchant_unallocated'),
    ('merchant.refund_released', 'held', 'merchant_refunds', 'merchant_held'),
    ('merchant.refund_released', 'available', 'merchant_refunds', 'merchant_available'),
    ('merchant.refund_released', 'fee', 'merchant_available', 'merchant_fees'),
    ('platform.booked', 'received', 'ledger', 'platform'),
    ('platform.booked', 'sent', 'platform', 'ledger'),
    ('platform.booked', 'fee', 'platform', 'ledger'),
    ('platform.booked', 'clawed_back', 'platform', 'ledger'),
    ('suspense.entered', 'amount', 'platform', 'suspense'),
    ('suspense.settled', 'amount', 'suspense', 'platform');

-- The events that move no money of ours; a name that ends with a dot stands for all that begin with it. What is neither here nor above goes
-- to unposted, with an alarm.
CREATE TABLE journal_silent (
    event_type text NOT NULL CONSTRAINT journal_silent_pkey PRIMARY KEY
);

INSERT INTO journal_silent (event_type) VALUES
    ('wallet.created'), ('wallet.opened'), ('wallet.activated'), ('wallet.closing'), ('wallet.closing_failed'), ('wallet.closed'),
    ('wallet.balance_changed'), ('wallet.frozen'), ('wallet.unfrozen'), ('wallet.tier_changed'), ('wallet.key_rotating'),
    ('wallet.key_rotated'), ('wallet.key_rotation_failed'),
    -- Told by wallet.booked.
    ('wallet.credited'), ('payment.succeeded'), ('payment.settled'), ('payment.claimed'), ('payment.clawed_back'), ('payment.reclaimed'),
    ('payment.created'), ('payment.queued'), ('payment.signed'), ('payment.fee_bumped'), ('payment.requeued'), ('payment.failed'),
    ('payment.expired'), ('payment.cancelled'), ('payment.reclaimable'), ('payment.reclaiming'), ('payment.reclaim_failed'),
    ('invitation.created'), ('invitation.due'), ('invitation.paying'), ('invitation.paid'), ('invitation.failed'),
    ('invitation.expired'), ('invitation.cancelled'),
    ('schedule.created'), ('schedule.paused'), ('schedule.resumed'), ('schedule.cancelled'), ('schedule.completed'),
    ('schedule.occurrence_succeeded'), ('schedule.occurrence_retrying'), ('schedule.occurrence_failed'), ('schedule.occurrence_missed'),
    ('schedule.occurrence_skipped'),
    ('merchant.opening'), ('merchant.terms_changed'), ('merchant.created'), ('merchant.changed'), ('merchant.email_confirmed'),
    ('merchant.approved'), ('merchant.activated'), ('merchant.suspended'), ('merchant.reinstated'), ('merchant.tier_changed'),
    ('merchant.key_created'), ('merchant.key_changed'), ('merchant.key_rotated'), ('merchant.key_revoked'),
    ('merchant.signing_changed'),
    ('merchant.person_invited'), ('merchant.person_joined'), ('merchant.person_changed'), ('merchant.person_removed'),
    -- Told by merchant.booked.
    ('merchant.received'), ('merchant.adjusted'), ('merchant.sent'),
    -- What it speaks of stays where it was.
    ('merchant.verdict_passed_over'),
    -- Told by merchant.allocated, and by merchant's events of refunds.
    ('refund.created'), ('refund.updated'), ('refund.failed'), ('payment_session.viewed'),
    ('payment_session.created'), ('payment_session.paid'), ('payment_session.expired'), ('payment_session.canceled'),
    ('payment_session.underpaid'), ('payment_session.overpaid'), ('payment_session.late'), ('payment_session.wrong_asset'),
    ('payment_session.accepted'), ('payment_session.held'), ('payment_session.address_changed'),
    ('payment_session.processing'), ('payment_session.payment_failed'),
    ('payment_session.refund_address_set'), ('payment_session.refund_address_active'), ('payment_session.refund_address_lapsed'),
    ('payment_session.refund_address_withdrawn'),
    -- Told by merchant.booked, merchant.topped_up, merchant.allocated and merchant's events of refunds.
    ('unmatched_receipt.'),
    ('webhook_endpoint.'), ('security.'), ('books.');

CREATE TABLE journal (
    service_id    text        NOT NULL,
    -- The day on which it was posted, in UTC, and its number in it. Days never go back.
    day           date        NOT NULL,
    number        bigint      NOT NULL,
    -- The event's place in the feed: each entry's is after the one before, so that none is posted twice.
    xid           xid8        NOT NULL,
    event_number  bigint      NOT NULL,
    event_id      text        NOT NULL,
    event_type    text        NOT NULL,
    subject       text        NOT NULL,
    -- The ledger of what it tells; null where it moves nothing on the ledger.
    ledger        bigint,
    -- When that closed, else when the event was recorded.
    at            timestamptz NOT NULL,
    -- [{"account","owner","asset","stroops"}, …].
    lines         jsonb       NOT NULL,
    -- Why it, or a part of it, could not be posted as its template says; null where all is well.
    problem       text,
    previous_hash bytea       NOT NULL,
    hash          bytea       NOT NULL,
    -- Last entry (journal_link), and the walk along them (journal_verify).
    CONSTRAINT journal_pkey PRIMARY KEY (service_id, day, number)
) PARTITION BY RANGE (day);

-- Balances at a past time: what came after it.
CREATE INDEX journal_at ON journal (service_id, at);

-- One owner's entries, in their order: statements.
CREATE INDEX journal_subject ON journal (service_id, subject, day, number);

-- What an operator must see to.
CREATE INDEX journal_problems ON journal (service_id) WHERE problem IS NOT NULL;

-- Whether the lines of each asset sum to nothing, and each is of an account that there is to be.
CREATE FUNCTION journal_balanced(p_lines jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM jsonb_array_elements(p_lines) AS l (line)
        GROUP BY l.line ->> 'asset'
        HAVING l.line ->> 'asset' IS NULL OR sum((l.line ->> 'stroops')::numeric) <> 0
            OR bool_or(l.line ->> 'account' IS NULL OR l.line ->> 'owner' IS NULL));
END
$$;

ALTER TABLE journal ADD CONSTRAINT journal_is_balanced CHECK (journal_balanced(lines));

CREATE FUNCTION journal_hash(r journal) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN sha256(convert_to(jsonb_build_array(
        r.service_id, (r.day - date '2000-01-01'), r.number, r.xid::text, r.event_number, r.event_id, r.event_type, r.subject, r.ledger,
        (extract(epoch FROM r.at) * 1000000)::bigint, r.lines, r.problem, encode(r.previous_hash, 'hex'))::text, 'UTF8'));
END
$$;

-- The balances as they are now. Made from the journal by its trigger; journal_verify compares them.
CREATE TABLE journal_balances (
    service_id text    NOT NULL,
    owner      text    NOT NULL,
    account    text    NOT NULL,
    asset      text    NOT NULL,
    stroops    numeric NOT NULL,
    -- The ledger of the last entry that changed it.
    ledger     bigint,
    -- journal_link; an owner's balances, for reconciliation.
    CONSTRAINT journal_balances_pkey PRIMARY KEY (service_id, owner, account, asset)
);

-- Makes the partition that holds a day: a month each.
CREATE FUNCTION journal_partition_ensure(p_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_from date := date_trunc('month', p_day)::date;
    v_name text := 'journal_' || to_char(p_day, 'YYYYMM');
BEGIN
    IF to_regclass(v_name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('journal_partition_ensure'));
        IF to_regclass(v_name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE journal INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name);
            EXECUTE format(
                'ALTER TABLE journal ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', v_name, v_from, (v_from + interval '1 month')::date);
            -- The parent's trigger does not guard a partition that is named itself.
            PERFORM append_only(v_name);
            EXECUTE format(
                'CREATE TRIGGER journal_balance AFTER INSERT ON %I REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION journal_balance()',
                v_name);
        END IF;
    END IF;
END
$$;

SELECT append_only('journal');

-- Adds entries to the balances, each balance once: within a transaction each of a row's versions is walked through by the next.
CREATE FUNCTION journal_balance() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_balances AS b (service_id, owner, account, asset, stroops, ledger)
    SELECT m.service_id, l.line ->> 'owner', l.line ->> 'account', l.line ->> 'asset', sum((l.line ->> 'stroops')::numeric), max(m.ledger)
    FROM made m CROSS JOIN LATERAL jsonb_array_elements(m.lines) AS l (line)
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (service_id, owner, account, asset) DO UPDATE
    SET stroops = b.stroops + excluded.stroops, ledger = greatest(b.ledger, excluded.ledger);
    RETURN NULL;
END
$$;

-- Of a partition that is named itself, this is not the parent's; journal_partition_ensure.
CREATE TRIGGER journal_balance
    AFTER INSERT ON journal
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION journal_balance();

-- Numbers, days and hashes are given here and nowhere else, whatever an INSERT says.
CREATE FUNCTION journal_link() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_last journal;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('journal ' || NEW.service_id, 0));
    SELECT * INTO v_last FROM journal j WHERE j.service_id = NEW.service_id ORDER BY j.day DESC, j.number DESC LIMIT 1;
    IF (NEW.xid, NEW.event_number) <= (v_last.xid, v_last.event_number) THEN
        RAISE EXCEPTION 'event % is posted already, or came before one that is', NEW.event_id USING ERRCODE = 'SP058';
    END IF;
    IF NEW.day < v_last.day THEN
        RAISE EXCEPTION 'the journal is at %, and % is over', v_last.day, NEW.day USING ERRCODE = 'SP058';
    END IF;
    NEW.number := CASE WHEN NEW.day = v_last.day THEN v_last.number + 1 ELSE 1 END;
    NEW.previous_hash := coalesce(v_last.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := journal_hash(NEW);
    RETURN NEW;
END
$$;

CREATE TRIGGER journal_link
    BEFORE INSERT ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_link();

-- Stroops of a decimal string, strictly.
CREATE FUNCTION journal_stroops(p_amount text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_amount IS NULL OR p_amount !~ '^[0-9]{1,19}(\.[0-9]{1,7})?$' THEN
        RAISE EXCEPTION '% is no amount', coalesce(p_amount, 'nothing') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN p_amount::numeric * 10000000;
END
$$;

-- An asset or an owner of a line, which there must be.
CREATE FUNCTION journal_named(p_name text, p_type text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_name IS NULL THEN
        RAISE EXCEPTION 'an amount of % has no asset or no owner', p_type USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN p_name;
END
$$;

-- What events move, each by its place among them: the lines by their templates; what no template knows is unposted, against what it did to the
-- ledger. No lines where one moves nothing. Of many at once, since what it takes to begin is most of what it takes for one.
CREATE FUNCTION journal_lines(p_events events[]) RETURNS TABLE (place bigint, lines jsonb, problem text)
LANGUAGE sql STABLE AS $$
    WITH each AS MATERIALIZED (
        SELECT e.ordinality AS place, e.type, e.subject, e.data FROM unnest(p_events) WITH ORDINALITY AS e
    ), amounts AS (
        SELECT e.place, e.type, m.move ->> 'kind' AS amount, coalesce(m.move ->> 'address', e.data ->> 'address', e.subject) AS owner,
               m.move ->> 'asset' AS asset, journal_stroops(m.move ->> 'amount') AS stroops,
               coalesce((m.move ->> 'in')::boolean, true) AS credited
        FROM each e
        CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN e.data ? 'moves' THEN e.data -> 'moves' ELSE '[]' END) AS m (move)
        UNION ALL
        SELECT e.place, e.type, t.amount, coalesce(e.data ->> 'address', e.subject), e.data ->> 'asset', journal_stroops(e.data ->> t.amount), true
        FROM each e
        JOIN (SELECT DISTINCT t.event_type, t.amount FROM journal_templates t) AS t ON t.event_type = e.type
        WHERE NOT e.data ? 'moves'
    ), known AS (
        SELECT a.*, t.debit, t.credit
        FROM amounts a
        LEFT JOIN journal_templates t ON t.event_type = a.type AND t.amount = a.amount
    ), line AS (
        SELECT k.place, k.type, CASE WHEN k.debit IS NOT NULL THEN k.debit WHEN k.credited THEN 'ledger' ELSE 'unposted' END AS account,
               k.owner, k.asset, -k.stroops AS stroops
        FROM known k
        UNION ALL
        SELECT k.place, k.type, CASE WHEN k.credit IS NOT NULL THEN k.credit WHEN k.credited THEN 'unposted' ELSE 'ledger' END,
               k.owner, k.asset, k.stroops
        FROM known k
    ), summed AS (
        SELECT l.place, l.type, l.account, l.owner, l.asset, sum(l.stroops) AS stroops
        FROM line l
        GROUP BY l.place, l.type, l.account, l.owner, l.asset
        HAVING sum(l.stroops) <> 0
    ), told AS (
        SELECT s.place,
               jsonb_agg(
                   jsonb_build_object(
                       'account', s.account, 'owner', journal_named(s.owner, s.type), 'asset', journal_named(s.asset, s.type),
                       'stroops', s.stroops::bigint)
                   ORDER BY s.account, s.owner, s.asset) AS lines
        FROM summed s
        GROUP BY s.place
    ), unknown AS (
        SELECT k.place, 'no template: ' || string_agg(DISTINCT coalesce(k.amount, 'an amount without a name'), ', ') AS problem
        FROM known k
        WHERE k.debit IS NULL
        GROUP BY k.place
    )
    SELECT e.place, coalesce(t.lines, '[]'), u.problem
    FROM each e
    LEFT JOIN told t ON t.place = e.place
    LEFT JOIN unknown u ON u.place = e.place
$$;

-- Whether nothing is ever posted of events of a type.
CREATE FUNCTION journal_is_silent(p_type text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM journal_silent s WHERE s.event_type = p_type OR s.event_type = split_part(p_type, '.', 1) || '.')
$$;

-- What is posted of an event that is not silent. Nothing that it says makes this fail: of what cannot be read there are no lines, and a
-- problem that says why.
CREATE FUNCTION journal_posting(e events, OUT lines jsonb, OUT problem text, OUT ledger bigint, OUT at timestamptz)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    lines := '[]';
    at := e.recorded_at;
    IF NOT EXISTS (SELECT FROM journal_templates t WHERE t.event_type = e.type) THEN
        problem := 'neither posted nor silent: ' || e.type;
        RETURN;
    END IF;
    BEGIN
        SELECT l.lines, l.problem, (e.data ->> 'ledger')::bigint, coalesce((e.data ->> 'closedAt')::timestamptz, e.recorded_at)
        INTO lines, problem, ledger, at
        FROM journal_lines(ARRAY[e]) AS l;
    EXCEPTION WHEN OTHERS THEN
        IF projection_may_pass(SQLSTATE) THEN
            RAISE;
        END IF;
        problem := left(SQLERRM, 500);
    END;
END
$$;

-- What is posted of any event.
CREATE FUNCTION journal_entry(e events, OUT lines jsonb, OUT problem text, OUT ledger bigint, OUT at timestamptz)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF journal_is_silent(e.type) THEN
        lines := '[]';
        at := e.recorded_at;
    ELSE
        SELECT p.lines, p.problem, p.ledger, p.at INTO lines, problem, ledger, at FROM journal_posting(e) AS p;
    END IF;
END
$$;

-- Posts events; called by projection_advance, in the feed's order.
CREATE FUNCTION project_journal(p_events events[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_types  text[] := ARRAY(
        WITH each AS MATERIALIZED (SELECT DISTINCT e.type FROM unnest(p_events) AS e)
        SELECT o.type FROM each o WHERE NOT journal_is_silent(o.type));
    v_last   date := (SELECT j.day FROM journal j WHERE j.service_id = p_events[1].service_id ORDER BY j.day DESC, j.number DESC LIMIT 1);
    v_events events[];
    v_day    date;
BEGIN
    IF cardinality(v_types) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(e ORDER BY e.xid, e.id) INTO v_events FROM unnest(p_events) AS e WHERE e.type = ANY (v_types);
    FOR v_day IN
        SELECT DISTINCT greatest((e.recorded_at AT TIME ZONE 'UTC')::date, v_last) FROM unnest(v_events) AS e
    LOOP
        PERFORM journal_partition_ensure(v_day);
    END LOOP;
    -- journal_link is called row by row, and sees those before.
    BEGIN
        IF EXISTS (SELECT FROM unnest(v_types) AS t (type) WHERE NOT EXISTS (SELECT FROM journal_templates j WHERE j.event_type = t.type)) THEN
            RAISE EXCEPTION 'events that are neither posted nor silent' USING ERRCODE = 'data_exception';
        END IF;
        INSERT INTO journal (
            service_id, day, number, xid, event_number, event_id, event_type, subject, ledger, at, lines, problem, previous_hash, hash)
        SELECT e.service_id, greatest(max((e.recorded_at AT TIME ZONE 'UTC')::date) OVER (ORDER BY e.xid, e.id), v_last), 0, e.xid, e.id,
               e.event_id, e.type, e.subject, (e.data ->> 'ledger')::bigint, coalesce((e.data ->> 'closedAt')::timestamptz, e.recorded_at),
               l.lines, l.problem, '', ''
        FROM unnest(v_events) WITH ORDINALITY AS e
        JOIN journal_lines(v_events) AS l ON l.place = e.ordinality
        WHERE l.lines <> '[]' OR l.problem IS NOT NULL
        ORDER BY e.xid, e.id;
    EXCEPTION WHEN OTHERS THEN
        IF projection_may_pass(SQLSTATE) THEN
            RAISE;
        END IF;
        -- One of them cannot be read: each by itself, and of that one what is wrong with it.
        INSERT INTO journal (
            service_id, day, number, xid, event_number, event_id, event_type, subject, ledger, at, lines, problem, previous_hash, hash)
        SELECT e.service_id, greatest(max((e.recorded_at AT TIME ZONE 'UTC')::date) OVER (ORDER BY e.xid, e.id), v_last), 0, e.xid, e.id,
               e.event_id, e.type, e.subject, n.ledger, n.at, n.lines, n.problem, '', ''
        FROM unnest(v_events) AS e
        CROSS JOIN LATERAL journal_posting(e) AS n
        WHERE n.lines <> '[]' OR n.problem IS NOT NULL
        ORDER BY e.xid, e.id;
    END;
END
$$;

-- Books are not written anew. Whoever wonders whether they are what the events say asks journal_verify.
CREATE FUNCTION forget_journal(p_service_id text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal of % is append-only', p_service_id USING ERRCODE = 'SP058';
END
$$;

-- What is wrong with the journal, in order: links that do not fit, entries that their events do not say, events without an entry, balances
-- that are not the sum. No row where all is well. Of a chain only the first break is told.
CREATE FUNCTION journal_verify(p_service_id text) RETURNS TABLE (day date, number bigint, problem text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_row    journal;
    v_last   journal;
    v_hash   bytea := decode(repeat('00', 32), 'hex');
    v_cursor projections;
BEGIN
    FOR v_row IN SELECT * FROM journal j WHERE j.service_id = p_service_id ORDER BY j.day, j.number LOOP
        IF v_row.number <> (CASE WHEN v_row.day = v_last.day THEN v_last.number + 1 ELSE 1 END)
            OR v_row.previous_hash <> v_hash OR v_row.hash <> journal_hash(v_row)
            OR (v_row.xid, v_row.event_number) <= (v_last.xid, v_last.event_number) THEN
            RETURN QUERY SELECT v_row.day, v_row.number, 'the chain breaks here'::text;
            EXIT;
        END IF;
        v_last := v_row;
        v_hash := v_row.hash;
    END LOOP;

    SELECT * INTO v_cursor FROM projections p WHERE p.service_id = p_service_id AND p.name = 'journal';
    RETURN QUERY
        SELECT j.day, j.number,
               CASE
                   WHEN j.event_id IS NULL THEN 'event ' || e.event_id || ' is not posted'
                   WHEN e.event_id IS NULL THEN 'there is no event ' || j.event_id
                   ELSE 'event ' || e.event_id || ' says something else'
               END
        FROM (SELECT * FROM journal j WHERE j.service_id = p_service_id) AS j
        FULL JOIN (
            SELECT e.xid, e.id, e.event_id, n.lines, n.problem, n.ledger, n.at
            FROM events e CROSS JOIN LATERAL journal_entry(e) AS n
            WHERE e.service_id = p_service_id AND (e.xid, e.id) <= (v_cursor.xid, v_cursor.id)
              AND (n.lines <> '[]' OR n.problem IS NOT NULL)) AS e
            ON e.xid = j.xid AND e.id = j.event_number
        WHERE (j.event_id, j.lines, j.problem, j.ledger, j.at) IS DISTINCT FROM (e.event_id, e.lines, e.problem, e.ledger, e.at)
        ORDER BY coalesce(j.xid, e.xid), coalesce(j.event_number, e.id);
    RETURN QUERY
        SELECT NULL::date, NULL::bigint, 'the balance of ' || coalesce(b.owner, s.owner) || ' is not the sum of its lines'
        FROM (SELECT * FROM journal_balances b WHERE b.service_id = p_service_id) AS b
        FULL JOIN (
            SELECT l.line ->> 'owner' AS owner, l.line ->> 'account' AS account, l.line ->> 'asset' AS asset,
                   sum((l.line ->> 'stroops')::numeric) AS stroops
            FROM journal j CROSS JOIN LATERAL jsonb_array_elements(j.lines) AS l (line)
            WHERE j.service_id = p_service_id
            GROUP BY 1, 2, 3) AS s
            ON (s.owner, s.account, s.asset) = (b.owner, b.account, b.asset)
        WHERE coalesce(b.stroops, 0) <> coalesce(s.stroops, 0);
END
$$;

-- Balances at a past time, by the close of ledgers: those of now less what came later. Of one owner, or of all.
CREATE FUNCTION journal_balances_at(p_service_id text, p_at timestamptz, p_owner text DEFAULT NULL)
RETURNS TABLE (owner text, account text, asset text, stroops numeric)
LANGUAGE sql STABLE AS $$
    SELECT b.owner, b.account, b.asset, b.stroops - coalesce(l.stroops, 0)
    FROM journal_balances b
    LEFT JOIN (
        SELECT l.line ->> 'owner' AS owner, l.line ->> 'account' AS account, l.line ->> 'asset' AS asset,
               sum((l.line ->> 'stroops')::numeric) AS stroops
        FROM journal j CROSS JOIN LATERAL jsonb_array_elements(j.lines) AS l (line)
        WHERE j.service_id = p_service_id AND j.at > p_at
        GROUP BY 1, 2, 3) AS l
        ON l.owner = b.owner AND l.account = b.account AND l.asset = b.asset
    WHERE b.service_id = p_service_id AND (p_owner IS NULL OR b.owner = p_owner) AND b.stroops <> coalesce(l.stroops, 0)
    ORDER BY b.account, b.owner, b.asset
$$;

-- What an entry cannot say by a template, for alarms.
CREATE FUNCTION journal_unposted(p_service_id text) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM journal j WHERE j.service_id = p_service_id AND j.problem IS NOT NULL
$$;
