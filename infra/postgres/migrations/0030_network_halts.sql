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
