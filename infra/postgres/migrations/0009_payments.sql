-- A wallet's history as its owner sees it: its own payments, and what the ledger credited to it.
CREATE TABLE payments (
    service_id           text        NOT NULL,
    wallet_id            text        NOT NULL,
    payment_id           text        NOT NULL,
    owner                text,
    direction            text        NOT NULL,
    status               text        NOT NULL,
    counterparty         text,
    counterparty_address text,
    asset                text        NOT NULL,
    amount_stroops       bigint      NOT NULL,
    -- What it cost its payer besides, of what left the wallet.
    fee_stroops          bigint      NOT NULL DEFAULT 0,
    memo                 text,
    -- text, id, hash or return; null without a memo. A text "42" and a number 42 are two things.
    memo_type            text,
    transaction_hash     text,
    ledger               bigint,
    failure_code         text,
    created_at           timestamptz NOT NULL,
    completed_at         timestamptz,
    revision             bigint      NOT NULL,
    -- The payer's side, where it spends another asset than the recipient gets; else null. First by the quote, with the
    -- bounds that it promised.
    source_asset         text,
    source_stroops       bigint,
    source_max_stroops   bigint,
    min_stroops          bigint,
    -- The assets in between, in order.
    hops                 text[],
    -- What moved, by the ledger's word.
    sent_stroops         bigint,
    received_stroops     bigint,
    -- Of a payment that waits on the ledger as a claimable balance; else null.
    balance_id           text,
    -- From when on the payer can have it back.
    reclaimable_after    timestamptz,
    claim_status         text,
    -- project_payments, and one payment of a wallet by its id.
    CONSTRAINT payments_pkey PRIMARY KEY (service_id, wallet_id, payment_id),
    CONSTRAINT payments_direction CHECK (direction IN ('in', 'out'))
);

-- GET /v1/wallet/transactions: payments_page, newest first.
CREATE INDEX payments_history ON payments (service_id, wallet_id, created_at DESC, payment_id DESC);

-- Amounts are decimal strings with at most seven places, so this is exact.
CREATE FUNCTION stroops(p_amount text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT (p_amount::numeric * 10000000)::bigint
$$;

CREATE FUNCTION project_payment(e events) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    d     jsonb  := e.data;
    path  jsonb  := e.data -> 'path';
    claim jsonb  := e.data -> 'claim';
    hops  text[] := CASE WHEN path IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(path -> 'path')) END;
BEGIN
    IF e.type LIKE 'payment.%' THEN
        INSERT INTO payments AS p (
            service_id, wallet_id, payment_id, owner, direction, status, counterparty, counterparty_address, asset,
            amount_stroops, fee_stroops, memo, memo_type, transaction_hash, ledger, failure_code, created_at, completed_at, revision,
            source_asset, source_stroops, source_max_stroops, min_stroops, hops, sent_stroops, received_stroops,
            balance_id, reclaimable_after, claim_status)
        VALUES (
            e.service_id, d ->> 'walletId', d ->> 'paymentId', e.owner, 'out', d ->> 'status', d ->> 'recipient',
            d ->> 'destination', d ->> 'asset', stroops(d ->> 'amount'), coalesce(stroops(d ->> 'fee'), 0), d ->> 'memo',
            CASE WHEN d ->> 'memo' IS NOT NULL THEN coalesce(d -> 'facts' ->> 'memoType', 'text') END, d ->> 'transactionHash',
            (d ->> 'ledger')::bigint, d ->> 'failureCode', (d ->> 'createdAt')::timestamptz,
            (d ->> 'completedAt')::timestamptz, (d ->> 'revision')::bigint,
            path ->> 'sourceAsset', stroops(path ->> 'sourceAmount'), stroops(path ->> 'sourceMax'),
            stroops(path ->> 'amountMin'), hops, stroops(path ->> 'sent'), stroops(path ->> 'received'),
            claim ->> 'balanceId', (claim ->> 'reclaimableAfter')::timestamptz, claim ->> 'status')
        ON CONFLICT (service_id, wallet_id, payment_id) DO UPDATE
        SET status = excluded.status,
            transaction_hash = excluded.transaction_hash,
            ledger = excluded.ledger,
            failure_code = excluded.failure_code,
            completed_at = excluded.completed_at,
            revision = excluded.revision,
            hops = excluded.hops,
            sent_stroops = excluded.sent_stroops,
            received_stroops = excluded.received_stroops,
            balance_id = excluded.balance_id,
            claim_status = excluded.claim_status
        WHERE p.revision <= excluded.revision;
    ELSIF e.type = 'wallet.credited' THEN
        -- One transaction can credit a wallet more than once, and one operation too: each has an id of its own.
        INSERT INTO payments (
            service_id, wallet_id, payment_id, owner, direction, status, counterparty, counterparty_address, asset,
            amount_stroops, memo, memo_type, transaction_hash, ledger, created_at, completed_at, revision)
        VALUES (
            e.service_id, d ->> 'walletId', 'op_' || (d ->> 'operationId'), e.owner, 'in', 'succeeded', d ->> 'from',
            d ->> 'from', d ->> 'asset', stroops(d ->> 'amount'), d ->> 'memo', d ->> 'memoType', d ->> 'transactionHash',
            (d ->> 'ledger')::bigint, (d ->> 'closedAt')::timestamptz, (d ->> 'closedAt')::timestamptz,
            (d ->> 'revision')::bigint)
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;

-- unnest keeps the order, and the function is called row by row.
CREATE FUNCTION project_payments(p_events events[]) RETURNS void
LANGUAGE sql AS $$
    SELECT count(project_payment(e)) FROM unnest(p_events) AS e
$$;

CREATE FUNCTION forget_payments(p_service_id text) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM payments WHERE service_id = p_service_id
$$;

-- A page of a wallet's history, newest first, before a place in that order.
CREATE FUNCTION payments_page(
    p_service_id text, p_wallet_id text, p_before_created_at timestamptz, p_before_payment_id text, p_limit integer)
RETURNS SETOF payments
LANGUAGE sql STABLE AS $$
    SELECT p.*
    FROM payments p
    WHERE p.service_id = p_service_id
      AND p.wallet_id = p_wallet_id
      AND (p.created_at, p.payment_id) < (p_before_created_at, p_before_payment_id)
    ORDER BY p.created_at DESC, p.payment_id DESC
    LIMIT p_limit
$$;

-- payment_events: one payment's events, for its trace and for the answer to a request that is repeated later.
CREATE INDEX events_of_payment ON events (subject, id) WHERE type LIKE 'payment.%';

-- What happened to a payment, oldest first: of more than p_limit events the latest.
CREATE FUNCTION payment_events(p_service_id text, p_payment_id text, p_limit integer) RETURNS SETOF events
LANGUAGE sql STABLE AS $$
    SELECT latest.*
    FROM (
        SELECT e.*
        FROM events e
        WHERE e.subject = p_payment_id AND e.type LIKE 'payment.%' AND e.service_id = p_service_id
        ORDER BY e.id DESC
        LIMIT p_limit
    ) AS latest
    ORDER BY latest.id
$$;
