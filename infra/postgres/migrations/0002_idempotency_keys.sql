-- Idempotency keys of requests that a grain answered. Written with the grain's state in one statement, so that an
-- answer and the key under which it was given can never come apart; out of the state itself, so that its row stays small.
CREATE TABLE idempotency_keys (
    service_id  text        NOT NULL,
    grain_key   text        NOT NULL,
    key_hash    text        NOT NULL,
    fingerprint text        NOT NULL,
    subject     text        NOT NULL,
    -- One that was over by then is taken again.
    given_at    timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- Whether it was taken by idempotency_take, which takes so many a day.
    is_counted  boolean     NOT NULL DEFAULT false,
    -- One key, and all keys of a grain; refuses a key that is there.
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (service_id, grain_key, key_hash)
);

-- idempotency_prune: the oldest first.
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- Writes what a state carries under keys, [{"hash","fingerprint","subject","until","scope","given"}, …]. The scope is the grain's own key
-- where it is left out; another where whoever made the request made many grains by such requests, a merchant his sessions. A key that is there
-- refuses all of it, and with it the state; but one that was over when this one was given is none. It was given a day before it ends, where
-- nothing else is said.
CREATE FUNCTION idempotency_remember(p_service_id text, p_grain_key text, p_keys jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_written integer;
BEGIN
    INSERT INTO idempotency_keys AS k (service_id, grain_key, key_hash, fingerprint, subject, given_at, expires_at)
    SELECT p_service_id, coalesce(e.value ->> 'scope', p_grain_key), e.value ->> 'hash', e.value ->> 'fingerprint', e.value ->> 'subject',
           coalesce((e.value ->> 'given')::timestamptz, (e.value ->> 'until')::timestamptz - interval '24 hours'),
           (e.value ->> 'until')::timestamptz
    FROM jsonb_array_elements(p_keys) AS e (value)
    ON CONFLICT (service_id, grain_key, key_hash) DO UPDATE
    SET fingerprint = excluded.fingerprint, subject = excluded.subject, given_at = excluded.given_at, expires_at = excluded.expires_at,
        is_counted = false
    WHERE k.expires_at <= excluded.given_at;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written < jsonb_array_length(p_keys) THEN
        RAISE EXCEPTION 'an idempotency key of % was used before', p_grain_key USING ERRCODE = 'SP001';
    END IF;
END
$$;

-- idempotency_take: how many a merchant, or a user, has taken on a day. The rows are counted, and no row counts them: that would be held by
-- each request under a key for as long as it takes, and all others of its merchant would wait for it.
CREATE INDEX idempotency_keys_counted ON idempotency_keys (service_id, grain_key, given_at) WHERE is_counted;

-- Takes a key in the transaction of what is done under it, which is no grain's. taken; used, by a request that was answered under it, and
-- that may have ended while this one waited for it; busy, by one that still goes on; too_many, where p_most were taken today: those that
-- go on at the same moment are not seen, and may be beyond it. Whoever reads anything but taken does nothing, and rolls back.
CREATE FUNCTION idempotency_take(
    p_service_id text, p_scope text, p_hash text, p_fingerprint text, p_subject text, p_now timestamptz, p_until timestamptz, p_most integer)
RETURNS text
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    v_day   timestamptz := date_trunc('day', p_now, 'UTC');
    v_taken integer;
BEGIN
    INSERT INTO idempotency_keys AS k (service_id, grain_key, key_hash, fingerprint, subject, given_at, expires_at, is_counted)
    VALUES (p_service_id, p_scope, p_hash, p_fingerprint, p_subject, p_now, p_until, true)
    ON CONFLICT (service_id, grain_key, key_hash) DO UPDATE
    SET fingerprint = excluded.fingerprint, subject = excluded.subject, given_at = excluded.given_at, expires_at = excluded.expires_at,
        is_counted = true
    WHERE k.expires_at <= excluded.given_at;
    IF NOT found THEN
        RETURN 'used';
    END IF;
    -- This one among them.
    SELECT count(*) INTO v_taken
    FROM (
        SELECT FROM idempotency_keys k
        WHERE k.service_id = p_service_id AND k.grain_key = p_scope AND k.is_counted
          AND k.given_at >= v_day AND k.given_at < v_day + interval '24 hours'
        LIMIT p_most + 1) AS today;
    RETURN CASE WHEN v_taken > p_most THEN 'too_many' ELSE 'taken' END;
EXCEPTION
    WHEN lock_not_available THEN
        RETURN 'busy';
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
