-- Deposits to the platform's own accounts that match nothing, and what operators decided: to whom each went, and by
-- which transaction. Rows are entered and moved by the write of the suspense account's state, which holds the signed
-- transaction: so both change together, in one statement.
CREATE TABLE suspense (
    service_id       text        NOT NULL,
    id               text        NOT NULL,
    paging_token     bigint      NOT NULL,
    ledger           bigint      NOT NULL,
    transaction_hash text        NOT NULL,
    account          text        NOT NULL,
    account_key      text        NOT NULL,
    asset            text        NOT NULL,
    stroops          bigint      NOT NULL CHECK (stroops > 0),
    sender           text,
    sender_muxed     text,
    account_muxed    text,
    memo             text,
    memo_type        text,
    received_at      timestamptz NOT NULL,
    status           text        NOT NULL CHECK (status IN ('open', 'sending', 'assigned', 'returned', 'kept')),
    decision         jsonb,
    -- Each operation's deposit is taken in once, whatever the follower repeats; the list, newest first.
    CONSTRAINT suspense_pkey PRIMARY KEY (service_id, id)
);

-- One transaction at a time uses the suspense account's sequence number: the state says which, and this that it does.
CREATE UNIQUE INDEX suspense_sending ON suspense (service_id) WHERE status = 'sending';

-- The operators' list of what is still to be decided.
CREATE INDEX suspense_open ON suspense (service_id, id) WHERE status = 'open';

-- A deposit that has been decided is never decided again.
CREATE FUNCTION suspense_keep_decided() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('assigned', 'returned', 'kept') THEN
        RAISE EXCEPTION 'suspense %: it is % already', OLD.id, OLD.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER suspense_decided_stays
    BEFORE UPDATE ON suspense
    FOR EACH ROW EXECUTE FUNCTION suspense_keep_decided();

-- Tells the journal of a deposit: that it was entered, or that it is the platform's again, which has handed it on or keeps it.
CREATE FUNCTION suspense_tell(p_deposit suspense, p_type text) RETURNS void
LANGUAGE sql AS $$
    SELECT events_append(p_deposit.service_id, jsonb_build_array(jsonb_build_object(
        'id', event_id_at(clock_timestamp(), concat_ws(' ', p_type, p_deposit.id)), 'type', 'suspense.' || p_type,
        'at', clock_timestamp(), 'subject', p_deposit.id,
        'data', jsonb_build_object(
            'deposit', p_deposit.id, 'address', p_deposit.account, 'asset', p_deposit.asset,
            'amount', (p_deposit.stroops::numeric / 10000000)::numeric(30, 7)::text, 'status', p_deposit.status,
            'transactionHash', p_deposit.transaction_hash))))
$$;

-- Enters what a write of the suspense account's state took out of its inbox: [{"id","pagingToken",…}, …], as the columns are
-- named. One that is there stays as it is.
CREATE FUNCTION suspense_enter(p_service_id text, p_deposits jsonb) RETURNS void
LANGUAGE sql AS $$
    WITH entered AS (
        INSERT INTO suspense (
            service_id, id, paging_token, ledger, transaction_hash, account, account_key, asset, stroops, sender, sender_muxed,
            account_muxed, memo, memo_type, received_at, status)
        SELECT p_service_id, d.id, d."pagingToken", d.ledger, d."transactionHash", d.account, d."accountKey", d.asset, d.stroops,
               d.sender, d."senderMuxed", d."accountMuxed", d.memo, d."memoType", d."receivedAt", 'open'
        FROM jsonb_to_recordset(p_deposits) AS d (
            id text, "pagingToken" bigint, ledger bigint, "transactionHash" text, account text, "accountKey" text, asset text,
            stroops bigint, sender text, "senderMuxed" text, "accountMuxed" text, memo text, "memoType" text,
            "receivedAt" timestamptz)
        ON CONFLICT DO NOTHING
        RETURNING suspense
    )
    SELECT suspense_tell(e.suspense, 'entered') FROM entered e
$$;

-- Moves deposits on with a write of the suspense account's state: [{"id","from","to","decision"}, …]. Where one does not stand
-- where it is thought to, the write is refused.
CREATE FUNCTION suspense_move(p_service_id text, p_moves jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_moved integer;
BEGIN
    UPDATE suspense s
    SET status = m."to", decision = m.decision
    FROM jsonb_to_recordset(p_moves) AS m (id text, "from" text, "to" text, decision jsonb)
    WHERE s.service_id = p_service_id AND s.id = m.id AND s.status = m."from";
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    IF v_moved <> jsonb_array_length(p_moves) THEN
        RAISE EXCEPTION 'of % deposits that move on, % stand where they are thought to', jsonb_array_length(p_moves), v_moved
            USING ERRCODE = 'SP004';
    END IF;
    PERFORM suspense_tell(s, 'settled')
    FROM suspense s
    JOIN jsonb_to_recordset(p_moves) AS m (id text, "to" text) ON s.service_id = p_service_id AND s.id = m.id
    WHERE m."to" IN ('assigned', 'returned', 'kept');
END
$$;
