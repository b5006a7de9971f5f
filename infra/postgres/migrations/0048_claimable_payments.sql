-- Payments that wait on the ledger as claimable balances; null for all others.
ALTER TABLE payments
    ADD COLUMN balance_id        text,
    -- From when on the payer can have it back.
    ADD COLUMN reclaimable_after timestamptz,
    ADD COLUMN claim_status      text;

CREATE OR REPLACE FUNCTION project_payments(e events) RETURNS void
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
            amount_stroops, memo, transaction_hash, ledger, failure_code, created_at, completed_at, revision,
            source_asset, source_stroops, source_max_stroops, min_stroops, hops, sent_stroops, received_stroops,
            balance_id, reclaimable_after, claim_status)
        VALUES (
            e.service_id, d ->> 'walletId', d ->> 'paymentId', e.owner, 'out', d ->> 'status', d ->> 'recipient',
            d ->> 'destination', d ->> 'asset', stroops(d ->> 'amount'), d ->> 'memo', d ->> 'transactionHash',
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
        -- One transaction can credit a wallet more than once, so the operation is what is counted.
        INSERT INTO payments (
            service_id, wallet_id, payment_id, owner, direction, status, counterparty, counterparty_address, asset,
            amount_stroops, memo, transaction_hash, ledger, created_at, completed_at, revision)
        VALUES (
            e.service_id, d ->> 'walletId', 'op_' || (d ->> 'operationId'), e.owner, 'in', 'succeeded', d ->> 'from',
            d ->> 'from', d ->> 'asset', stroops(d ->> 'amount'), d ->> 'memo', d ->> 'transactionHash',
            (d ->> 'ledger')::bigint, (d ->> 'closedAt')::timestamptz, (d ->> 'closedAt')::timestamptz,
            (d ->> 'revision')::bigint)
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;
