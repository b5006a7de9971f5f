-- Idempotency keys of requests that a grain answered. Written with the grain's state in one statement, so that an answer
-- and the key under which it was given can never come apart; out of the state itself, so that its row stays small.
CREATE TABLE idempotency_keys (
    service_id  text        NOT NULL,
    grain_key   text        NOT NULL,
    key_hash    text        NOT NULL,
    fingerprint text        NOT NULL,
    subject     text        NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- One key, and all keys of a grain; refuses a key that is there.
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (service_id, grain_key, key_hash)
);

-- idempotency_prune: the oldest first.
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- Writes what a state carries under keys, [{"hash","fingerprint","subject","until"}, …]. A key that is there
-- refuses all of it, and with it the state; but all keys live equally long, so one that ends before it could have been
-- given now, a day earlier at least, is over.
CREATE FUNCTION idempotency_remember(p_service_id text, p_grain_key text, p_keys jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_written integer;
BEGIN
    INSERT INTO idempotency_keys AS k (service_id, grain_key, key_hash, fingerprint, subject, expires_at)
    SELECT p_service_id, p_grain_key, e.value ->> 'hash', e.value ->> 'fingerprint', e.value ->> 'subject',
           (e.value ->> 'until')::timestamptz
    FROM jsonb_array_elements(p_keys) AS e (value)
    ON CONFLICT (service_id, grain_key, key_hash) DO UPDATE
    SET fingerprint = excluded.fingerprint, subject = excluded.subject, expires_at = excluded.expires_at
    WHERE k.expires_at <= excluded.expires_at - interval '24 hours';
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written < jsonb_array_length(p_keys) THEN
        RAISE EXCEPTION 'an idempotency key of % was used before', p_grain_key USING ERRCODE = 'SP001';
    END IF;
END
$$;

-- Forgets keys whose time is over, at most p_limit, and returns how many.
CREATE FUNCTION idempotency_prune(p_service_id text, p_now timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_count integer;
BEGIN
    DELETE FROM idempotency_keys k
    USING (
        SELECT o.service_id, o.grain_key, o.key_hash
        FROM idempotency_keys o
        WHERE o.service_id = p_service_id AND o.expires_at <= p_now
        ORDER BY o.expires_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED
    ) AS old
    WHERE (k.service_id, k.grain_key, k.key_hash) = (old.service_id, old.grain_key, old.key_hash);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;

-- As before, and takes the keys out of the payload as it takes the outbox.
CREATE OR REPLACE FUNCTION grain_state_write(
    p_service_id text, p_state_name text, p_grain_key text, p_version integer, p_payload bytea) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_state  jsonb;
    v_outbox jsonb;
    v_keys   jsonb;
    v_due    timestamptz;
    v_new    integer;
BEGIN
    IF p_grain_key IS NULL OR p_grain_key = '' THEN
        RAISE EXCEPTION 'state %: the grain key is not a prefixed string; Orleans read it as a GUID or a number',
            p_state_name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF octet_length(p_payload) > 1048576 THEN
        RAISE EXCEPTION 'state % of % is % bytes, more than 1048576', p_state_name, p_grain_key,
            octet_length(p_payload) USING ERRCODE = 'program_limit_exceeded';
    END IF;

    v_state := convert_from(p_payload, 'UTF8')::jsonb;
    v_outbox := v_state -> 'outbox';
    v_keys := v_state -> 'keys';
    v_due := (v_state ->> 'dueAt')::timestamptz;
    IF v_outbox IS NOT NULL OR v_keys IS NOT NULL THEN
        v_state := v_state - ARRAY['outbox', 'keys'];
    END IF;

    IF p_version IS NULL THEN
        INSERT INTO grain_state (service_id, state_name, grain_key, payload, version, due_at)
        VALUES (p_service_id, p_state_name, p_grain_key, v_state, 1, v_due)
        ON CONFLICT DO NOTHING
        RETURNING version INTO v_new;
    ELSE
        UPDATE grain_state
        SET payload = v_state, version = version + 1, due_at = v_due, modified_at = now()
        WHERE service_id = p_service_id AND state_name = p_state_name AND grain_key = p_grain_key
          AND version = p_version
        RETURNING version INTO v_new;
    END IF;

    IF v_new IS NULL THEN
        RETURN p_version;
    END IF;
    IF jsonb_typeof(v_keys) = 'array' AND jsonb_array_length(v_keys) > 0 THEN
        PERFORM idempotency_remember(p_service_id, p_grain_key, v_keys);
    END IF;
    IF jsonb_typeof(v_outbox) = 'array' AND jsonb_array_length(v_outbox) > 0 THEN
        PERFORM events_append(p_service_id, v_outbox);
    END IF;
    RETURN v_new;
END
$$;
