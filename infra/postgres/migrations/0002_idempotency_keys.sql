-- Idempotency keys of requests that a grain answered. Written with the grain's state in one statement, so that an
-- answer and the key under which it was given can never come apart; out of the state itself, so that its row stays small.
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

-- Writes what a state carries under keys, [{"hash","fingerprint","subject","until","scope"}, …]. The scope is the grain's own key
-- where it is left out; another where whoever made the request made many grains by such requests, a merchant his sessions. A key that is there
-- refuses all of it, and with it the state; but all keys live equally long, so one that ends before it could have been
-- given now, a day earlier at least, is over.
CREATE FUNCTION idempotency_remember(p_service_id text, p_grain_key text, p_keys jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_written integer;
BEGIN
    INSERT INTO idempotency_keys AS k (service_id, grain_key, key_hash, fingerprint, subject, expires_at)
    SELECT p_service_id, coalesce(e.value ->> 'scope', p_grain_key), e.value ->> 'hash', e.value ->> 'fingerprint', e.value ->> 'subject',
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
