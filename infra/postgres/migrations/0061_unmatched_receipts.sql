-- What came to merchants' addresses and names nobody. It is unallocated in its merchant's books; here is what there is to decide, and what
-- was. Rows are entered and moved on by the write of the merchant's state, which books them: both change together, in one statement.
-- docs/decisions/0064.
CREATE TABLE unmatched_receipts (
    service_id       text        NOT NULL,
    merchant         text        NOT NULL,
    -- Where the ledger holds it, which is its id; of dust, the first of it.
    token            bigint      NOT NULL,
    number           integer     NOT NULL,
    asset            text        NOT NULL,
    stroops          bigint      NOT NULL,
    -- Of how many it is the sum: more than one only of dust.
    payments         integer     NOT NULL,
    reason           text        NOT NULL,
    status           text        NOT NULL,
    closed_at        timestamptz NOT NULL,
    ledger           bigint      NOT NULL,
    transaction_hash text,
    sender           text,
    sender_muxed     text,
    memo             text,
    memo_type        text,
    receiver_muxed   text,
    session          text,
    refund_to        text,
    refund_hash      text,
    refund_failure   text,
    decided_at       timestamptz,
    sequence         bigint      NOT NULL,
    -- What came once is a receipt once, whatever is delivered again; a page of a merchant's list, as the ledger has it.
    CONSTRAINT unmatched_receipts_pkey PRIMARY KEY (service_id, merchant, token, number),
    CONSTRAINT unmatched_receipts_is_something CHECK (stroops > 0 AND payments > 0),
    CONSTRAINT unmatched_receipts_status_known CHECK (status IN ('Unmatched', 'Assigned', 'Topup', 'Refunding', 'Refunded')),
    CONSTRAINT unmatched_receipts_session_named CHECK ((status = 'Assigned') = (session IS NOT NULL))
);

-- A page of a list of one status.
CREATE INDEX unmatched_receipts_status_idx ON unmatched_receipts (service_id, merchant, status, token, number);

-- POST /v1/payment_sessions/{id}/verify: what a transaction brought that names nobody.
CREATE INDEX unmatched_receipts_hash_idx ON unmatched_receipts (service_id, merchant, transaction_hash) WHERE transaction_hash IS NOT NULL;

-- unmatched_receipts_enter: of dust of one asset there is one row until it is decided, however much comes.
CREATE UNIQUE INDEX unmatched_receipts_dust_idx ON unmatched_receipts (service_id, merchant, asset)
    WHERE reason = 'Dust' AND status = 'Unmatched';

-- A receipt that has gone where it was to go stays there, and none is forgotten.
CREATE FUNCTION unmatched_receipts_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('Topup', 'Refunded') OR (OLD.token, OLD.number, OLD.asset) <> (NEW.token, NEW.number, NEW.asset) THEN
        RAISE EXCEPTION 'receipt %-% of % is % already', OLD.token, OLD.number, OLD.merchant, OLD.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER unmatched_receipts_decided_stay
    BEFORE UPDATE ON unmatched_receipts
    FOR EACH ROW EXECUTE FUNCTION unmatched_receipts_keep();

CREATE TRIGGER unmatched_receipts_stay
    BEFORE DELETE OR TRUNCATE ON unmatched_receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Enters what a write of a merchant's state took out of its inbox, as states write it: [{"place":{"token","number"},"asset",…}, …]. One that
-- is there already refuses all of it: it would be booked twice. Dust is added to the dust that waits.
CREATE FUNCTION unmatched_receipts_enter(p_service_id text, p_merchant text, p_receipts jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO unmatched_receipts AS u (
        service_id, merchant, token, number, asset, stroops, payments, reason, status, closed_at, ledger, transaction_hash, sender,
        sender_muxed, memo, memo_type, receiver_muxed, sequence)
    SELECT p_service_id, p_merchant, (r.place ->> 'token')::bigint, coalesce((r.place ->> 'number')::integer, 0), r.asset, r.stroops,
           r.payments, r.reason, r.status, r."closedAt", r.ledger, r."transactionHash", r.sender, r."senderMuxed", r.memo, r."memoType",
           r."receiverMuxed", r.sequence
    FROM jsonb_to_recordset(p_receipts) AS r (
        place jsonb, asset text, stroops bigint, payments integer, reason text, status text, "closedAt" timestamptz, ledger bigint,
        "transactionHash" text, sender text, "senderMuxed" text, memo text, "memoType" text, "receiverMuxed" text, sequence bigint)
    ON CONFLICT (service_id, merchant, asset) WHERE reason = 'Dust' AND status = 'Unmatched' DO UPDATE
    SET stroops = u.stroops + excluded.stroops, payments = u.payments + excluded.payments, closed_at = excluded.closed_at,
        ledger = excluded.ledger
$$;

-- Moves receipts on with a write of a merchant's state: [{"from","receipt"}, …], as each will stand. Where one does not stand where it is
-- thought to, with just that amount, the write is refused.
CREATE FUNCTION unmatched_receipts_move(p_service_id text, p_merchant text, p_moves jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_moved integer;
BEGIN
    UPDATE unmatched_receipts u
    SET status = m.receipt ->> 'status', session = m.receipt ->> 'session', refund_to = m.receipt ->> 'refundTo',
        refund_hash = m.receipt ->> 'refundHash', refund_failure = m.receipt ->> 'refundFailure',
        decided_at = (m.receipt ->> 'decidedAt')::timestamptz, sequence = (m.receipt ->> 'sequence')::bigint
    FROM jsonb_to_recordset(p_moves) AS m ("from" text, receipt jsonb)
    WHERE u.service_id = p_service_id AND u.merchant = p_merchant
      AND u.token = (m.receipt -> 'place' ->> 'token')::bigint
      AND u.number = coalesce((m.receipt -> 'place' ->> 'number')::integer, 0)
      AND u.status = m."from" AND u.stroops = (m.receipt ->> 'stroops')::bigint;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    IF v_moved <> jsonb_array_length(p_moves) THEN
        RAISE EXCEPTION 'of % receipts of % that move on, % stand where they are thought to', jsonb_array_length(p_moves), p_merchant, v_moved
            USING ERRCODE = 'SP009';
    END IF;
END
$$;

INSERT INTO merchant_event_families (family, dialect) VALUES ('unmatched_receipt', 'native');
