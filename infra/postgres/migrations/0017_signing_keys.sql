-- The keys that sign access tokens. The private key is encrypted (docs/decisions); its public half is in there too, so
-- that whoever can write to this table but lacks the secret cannot slip a key in.
CREATE TABLE identity.signing_keys (
    id            text        NOT NULL,
    private_key   bytea       NOT NULL,
    created_at    timestamptz NOT NULL,
    signs_from    timestamptz NOT NULL,
    signs_until   timestamptz NOT NULL,
    accepts_until timestamptz NOT NULL,
    -- The whole table is read; it holds a few rows.
    CONSTRAINT signing_keys_pkey PRIMARY KEY (id),
    CONSTRAINT signing_keys_times CHECK (signs_from < signs_until AND signs_until < accepts_until)
);

-- Adds a key unless another front door has added one for that time already; true if it was added.
CREATE FUNCTION identity.signing_key_add(
    p_id text, p_private_key bytea, p_now timestamptz, p_signs_from timestamptz, p_signs_until timestamptz,
    p_accepts_until timestamptz, p_known text[]) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('identity.signing_keys', 0));
    IF EXISTS (SELECT 1 FROM identity.signing_keys k WHERE k.id <> ALL (p_known)) THEN
        RETURN false;
    END IF;
    DELETE FROM identity.signing_keys k WHERE k.accepts_until <= p_now;
    INSERT INTO identity.signing_keys (id, private_key, created_at, signs_from, signs_until, accepts_until)
    VALUES (p_id, p_private_key, p_now, p_signs_from, p_signs_until, p_accepts_until);
    RETURN true;
END
$$;
