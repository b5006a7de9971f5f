-- What is known of the Stellar network besides wallets: when payments were stopped, and the
-- claimable balances that were met there.

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
