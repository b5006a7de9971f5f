-- Wake-ups that outlive a process. grain_hash is the grain id's 32-bit hash, signed, as Orleans compares it.
CREATE TABLE reminders (
    service_id    text        NOT NULL,
    grain_id      text        NOT NULL,
    reminder_name text        NOT NULL,
    start_time    timestamptz NOT NULL,
    period_ms     bigint      NOT NULL,
    grain_hash    integer     NOT NULL,
    version       integer     NOT NULL,
    -- One reminder, and all of one grain.
    CONSTRAINT reminders_pkey PRIMARY KEY (service_id, grain_id, reminder_name)
);

-- A silo's share of the ring: reminders_in_range.
CREATE INDEX reminders_grain_hash ON reminders (service_id, grain_hash);

CREATE FUNCTION reminder_upsert(
    p_service_id text, p_grain_id text, p_reminder_name text, p_start_time timestamptz, p_period_ms bigint,
    p_grain_hash integer) RETURNS integer
LANGUAGE sql AS $$
    INSERT INTO reminders (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
    VALUES (p_service_id, p_grain_id, p_reminder_name, p_start_time, p_period_ms, p_grain_hash, 0)
    ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
    SET start_time = excluded.start_time,
        period_ms = excluded.period_ms,
        grain_hash = excluded.grain_hash,
        version = reminders.version + 1
    RETURNING version
$$;

-- All of a grain, or the one named.
CREATE FUNCTION reminders_of_grain(p_service_id text, p_grain_id text, p_reminder_name text DEFAULT NULL)
RETURNS SETOF reminders
LANGUAGE sql STABLE AS $$
    SELECT r.*
    FROM reminders r
    WHERE r.service_id = p_service_id AND r.grain_id = p_grain_id
      AND (p_reminder_name IS NULL OR r.reminder_name = p_reminder_name)
$$;

-- Hashes after p_begin up to p_end.
CREATE FUNCTION reminders_in_range(p_service_id text, p_begin integer, p_end integer) RETURNS SETOF reminders
LANGUAGE sql STABLE AS $$
    SELECT r.*
    FROM reminders r
    WHERE r.service_id = p_service_id AND r.grain_hash > p_begin AND r.grain_hash <= p_end
$$;

-- The same where the range goes round the ring's end.
CREATE FUNCTION reminders_in_wrapped_range(p_service_id text, p_begin integer, p_end integer) RETURNS SETOF reminders
LANGUAGE sql STABLE AS $$
    SELECT r.*
    FROM reminders r
    WHERE r.service_id = p_service_id AND (r.grain_hash > p_begin OR r.grain_hash <= p_end)
$$;

-- True if that very version was there and is gone now.
CREATE FUNCTION reminder_delete(p_service_id text, p_grain_id text, p_reminder_name text, p_version integer)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM reminders
    WHERE service_id = p_service_id AND grain_id = p_grain_id AND reminder_name = p_reminder_name
      AND version = p_version;
    RETURN found;
END
$$;

CREATE FUNCTION reminders_delete_all(p_service_id text) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM reminders WHERE service_id = p_service_id
$$;
