-- What messages cost the platform: how many of a day's were taken, in all, for a country, for a network that asks and for a recipient. Keys
-- are digests under a key that the database does not have: who is written to, and from where, is not kept.
CREATE TABLE identity.message_budgets (
    day        date    NOT NULL,
    key_digest bytea   NOT NULL,
    used       integer NOT NULL,
    -- What is counted; the days that are over come first.
    CONSTRAINT message_budgets_pkey PRIMARY KEY (day, key_digest),
    CONSTRAINT message_budgets_digest_is_sha256 CHECK (octet_length(key_digest) = 32)
);

-- Forgets some of the days that are over: more than its caller adds, who counts so many keys. A page of notices has a thousand.
CREATE FUNCTION identity.message_budget_forget(p_day date, p_keys integer) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM identity.message_budgets
    WHERE (day, key_digest) IN (
        SELECT b.day, b.key_digest FROM identity.message_budgets b
        WHERE b.day < p_day - 2
        ORDER BY b.day
        LIMIT p_keys + 10
        FOR UPDATE SKIP LOCKED);
$$;

-- Takes of several keys' days, of each as much as is needed, or of none. Where more is wanted, to have some in hand, a sixteenth of what is
-- left is the most. Returns what was taken of each; null where one does not suffice. Callers give keys in one order, so that none waits
-- for another in a circle.
CREATE FUNCTION identity.message_budget_take(p_day date, p_keys bytea[], p_most integer[], p_wanted integer[]) RETURNS integer[]
LANGUAGE plpgsql AS $$
DECLARE
    v_taken integer[] := '{}';
    v_used  integer;
    v_more  integer;
BEGIN
    PERFORM identity.message_budget_forget(p_day, cardinality(p_keys));
    BEGIN
        FOR i IN 1 .. cardinality(p_keys) LOOP
            INSERT INTO identity.message_budgets AS b (day, key_digest, used) VALUES (p_day, p_keys[i], 1)
            ON CONFLICT (day, key_digest) DO UPDATE SET used = b.used + 1
            RETURNING used INTO v_used;
            IF v_used > p_most[i] THEN
                RAISE EXCEPTION 'used up' USING ERRCODE = 'SP005';
            END IF;
            v_more := least(p_wanted[i] - 1, (p_most[i] - v_used) / 16);
            IF v_more > 0 THEN
                UPDATE identity.message_budgets b SET used = b.used + v_more WHERE b.day = p_day AND b.key_digest = p_keys[i];
            END IF;
            v_taken := v_taken || (1 + greatest(v_more, 0));
        END LOOP;
    EXCEPTION WHEN SQLSTATE 'SP005' THEN
        -- What was taken of the others is there again.
        RETURN NULL;
    END;
    RETURN v_taken;
END
$$;

-- Counts what is somebody's own: of each key as many as are wanted, or as there are. How many there were before, and how many are new.
-- Together: all, or nothing and no row, where one key does not suffice. Keys come in one order, as above.
CREATE FUNCTION identity.message_budget_count(p_day date, p_keys bytea[], p_most integer[], p_wanted integer[], p_together boolean)
RETURNS TABLE (place integer, used integer, taken integer)
LANGUAGE plpgsql AS $$
DECLARE
    v_used  integer[] := '{}';
    v_taken integer[] := '{}';
    v_more  integer;
    v_now   integer;
BEGIN
    PERFORM identity.message_budget_forget(p_day, cardinality(p_keys));
    BEGIN
        FOR i IN 1 .. cardinality(p_keys) LOOP
            -- More than there are for a moment, of a row that is held: one write for most.
            INSERT INTO identity.message_budgets AS b (day, key_digest, used) VALUES (p_day, p_keys[i], p_wanted[i])
            ON CONFLICT (day, key_digest) DO UPDATE SET used = b.used + p_wanted[i]
            RETURNING b.used - p_wanted[i] INTO v_now;
            v_more := greatest(least(p_wanted[i], p_most[i] - v_now), 0);
            IF v_more < p_wanted[i] THEN
                IF p_together THEN
                    RAISE EXCEPTION 'used up' USING ERRCODE = 'SP005';
                END IF;
                UPDATE identity.message_budgets b SET used = v_now + v_more WHERE b.day = p_day AND b.key_digest = p_keys[i];
            END IF;
            v_used := v_used || v_now;
            v_taken := v_taken || v_more;
        END LOOP;
    EXCEPTION WHEN SQLSTATE 'SP005' THEN
        -- What was counted of the others is there again.
        RETURN;
    END;
    RETURN QUERY SELECT one.place::integer, one.used, one.taken
    FROM unnest(v_used, v_taken) WITH ORDINALITY AS one (used, taken, place);
END
$$;

-- One of each that was taken for a message that is not written after all is there again: else whoever asks in vain uses up what others
-- have. In the transaction that refuses it, and in the order in which they are taken: whoever holds such a row waits for no other kind.
CREATE FUNCTION identity.message_budget_return(p_day date, p_keys bytea[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. coalesce(cardinality(p_keys), 0) LOOP
        UPDATE identity.message_budgets b SET used = b.used - 1 WHERE b.day = p_day AND b.key_digest = p_keys[i] AND b.used > 0;
    END LOOP;
END
$$;
