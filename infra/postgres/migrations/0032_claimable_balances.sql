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
