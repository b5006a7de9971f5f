-- Requests that are signed with the secret of an API key: each is taken once. docs/decisions/0067-signed-requests.md.

-- Nonces of right signatures, until no front door takes the request any more. How many a key has its rate limit bounds. No foreign key: a
-- request by a key that is gone is refused before, and these go by themselves.
CREATE TABLE merchants.request_nonces (
    key_id  text        NOT NULL,
    nonce   text        NOT NULL COLLATE "C",
    ends_at timestamptz NOT NULL,
    -- Whether a key's was used.
    CONSTRAINT request_nonces_pkey PRIMARY KEY (key_id, nonce)
);

-- Those that are over.
CREATE INDEX request_nonces_ends_idx ON merchants.request_nonces (ends_at);

-- Takes a nonce; false where the key's was used. Of two at once the second waits for the first.
CREATE FUNCTION merchants.nonce_take(p_key_id text, p_nonce text, p_ends_at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO merchants.request_nonces (key_id, nonce, ends_at) VALUES (p_key_id, p_nonce, p_ends_at) ON CONFLICT DO NOTHING;
    RETURN found;
END
$$;

-- Forgets nonces that were over before a moment, so many at most. How many there were.
CREATE FUNCTION merchants.nonces_prune(p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_count integer;
BEGIN
    DELETE FROM merchants.request_nonces n
    USING (
        SELECT o.key_id, o.nonce FROM merchants.request_nonces o
        WHERE o.ends_at < p_before
        ORDER BY o.ends_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED) AS over
    WHERE n.key_id = over.key_id AND n.nonce = over.nonce;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
