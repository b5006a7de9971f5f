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
