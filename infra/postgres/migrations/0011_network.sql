-- What is known of the Stellar network besides wallets: how far it was read, when payments were stopped, and
-- what was met there.

-- The last ledger whose operations all wallets have, as the follower's state has it; no row before the first.
CREATE FUNCTION follower_watermark(p_service_id text) RETURNS TABLE (ledger bigint, closed_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT (s.payload ->> 'lastLedger')::bigint, (s.payload ->> 'lastClosedAt')::timestamptz
    FROM grain_state s
    WHERE s.service_id = p_service_id
      AND s.state_name = 'follower'
      AND s.grain_key = 'net_follower'
      AND s.payload ->> 'lastClosedAt' IS NOT NULL
$$;

-- When everything that pays was stopped, why, and which operator let it go on. A row that is not resumed is in force.
CREATE TABLE network_halts (
    service_id text        NOT NULL,
    halted_at  timestamptz NOT NULL,
    code       text        NOT NULL,
    reason     text        NOT NULL,
    resumed_at timestamptz,
    resumed_by text,
    CONSTRAINT network_halts_resumed_by_someone CHECK ((resumed_at IS NULL) = (resumed_by IS NULL))
);

-- The payment gate's question, once a second a process; and there is never more than one halt in force.
CREATE UNIQUE INDEX network_halts_in_force ON network_halts (service_id) WHERE resumed_at IS NULL;

-- Operations of the ledger that could not be taken: unreadable ones, ones of an unknown kind, and ones that a wallet
-- refused again and again. One row for each wallet that an operation waits for; no wallet ('') where none is known.
CREATE TABLE parked_operations (
    service_id       text        NOT NULL,
    paging_token     bigint      NOT NULL,
    wallet_id        text        NOT NULL,
    ledger           bigint      NOT NULL,
    transaction_hash text,
    kind             text        NOT NULL CHECK (kind IN ('refused', 'unreadable', 'unexplained')),
    content          text        NOT NULL,
    error            text        NOT NULL,
    attempts         integer     NOT NULL,
    status           text        NOT NULL CHECK (status IN ('parked', 'held', 'applied')),
    parked_at        timestamptz NOT NULL,
    resolved_at      timestamptz,
    resolved_by      text,
    -- Each is kept once, whatever the follower repeats; the operators' look at one, and the list, newest first.
    CONSTRAINT parked_operations_pkey PRIMARY KEY (service_id, paging_token, wallet_id)
);

-- The follower's question, with every batch, which of the wallets must wait; and the queue of one that does.
CREATE INDEX parked_operations_held ON parked_operations (service_id, wallet_id, paging_token) WHERE status = 'held';

-- How many wait, which the follower's status says.
CREATE INDEX parked_operations_open ON parked_operations (service_id, paging_token) WHERE status <> 'applied';

-- Claimable balances that wallets of ours created or may claim: what they were, and who paid them. Never changes.
CREATE TABLE claimable_balances (
    service_id text   NOT NULL,
    balance_id text   NOT NULL,
    creator    text   NOT NULL,
    asset      text   NOT NULL,
    stroops    bigint NOT NULL,
    ledger     bigint NOT NULL,
    -- What was claimed or clawed back, by the id that is all the ledger then says.
    CONSTRAINT claimable_balances_pkey PRIMARY KEY (service_id, balance_id)
);
