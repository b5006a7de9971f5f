-- Who did what, append-only and chained: each row carries the SHA-256 of the one before it in its chain, so that a
-- row changed, removed or slipped in shows. Chains are independent; a writer waits only for its own chain.
CREATE TABLE audit_log (
    chain         text        NOT NULL,
    number        bigint      NOT NULL,
    recorded_at   timestamptz NOT NULL,
    actor         text        NOT NULL,
    action        text        NOT NULL,
    subject       text        NOT NULL,
    data          jsonb       NOT NULL DEFAULT '{}',
    previous_hash bytea       NOT NULL,
    hash          bytea       NOT NULL,
    -- Last row of a chain (audit_link), and the walk along it (audit_verify).
    CONSTRAINT audit_log_pkey PRIMARY KEY (chain, number)
);

CREATE FUNCTION audit_hash(r audit_log) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        r.chain, r.number, (extract(epoch FROM r.recorded_at) * 1000000)::bigint, r.actor, r.action, r.subject,
        r.data, encode(r.previous_hash, 'hex'))::text, 'UTF8'))
$$;

-- Numbers and hashes are given here and nowhere else, whatever an INSERT says.
CREATE FUNCTION audit_link() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_last audit_log;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_log ' || NEW.chain, 0));
    SELECT * INTO v_last FROM audit_log WHERE chain = NEW.chain ORDER BY number DESC LIMIT 1;
    NEW.number := coalesce(v_last.number, 0) + 1;
    NEW.previous_hash := coalesce(v_last.hash, decode(repeat('00', 32), 'hex'));
    NEW.recorded_at := clock_timestamp();
    NEW.hash := audit_hash(NEW);
    RETURN NEW;
END
$$;

CREATE TRIGGER audit_log_link
    BEFORE INSERT ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_link();

CREATE TRIGGER audit_log_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION audit_append(p_chain text, p_actor text, p_action text, p_subject text, p_data jsonb) RETURNS bigint
LANGUAGE sql AS $$
    INSERT INTO audit_log (chain, actor, action, subject, data)
    VALUES (p_chain, p_actor, p_action, p_subject, p_data)
    RETURNING number
$$;

-- Of what is noted once a day: what has been, and when. Rows go when their day is over.
CREATE TABLE audit_days (
    day     date NOT NULL,
    chain   text NOT NULL,
    subject text NOT NULL,
    kind    text NOT NULL,
    -- What was noted of a subject; and the oldest, which audit_append_daily removes.
    CONSTRAINT audit_days_pkey PRIMARY KEY (day, chain, subject, kind)
);

-- The first entry of a kind about a subject on a day (UTC), and no further one: people read what is theirs all day, and whoever makes up
-- accounts would write rows without end that nobody can remove. Null where there is one. What finds one writes nothing.
CREATE FUNCTION audit_append_daily(p_chain text, p_actor text, p_action text, p_subject text, p_data jsonb, p_kind text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
BEGIN
    INSERT INTO audit_days (day, chain, subject, kind) VALUES (v_today, p_chain, p_subject, p_kind) ON CONFLICT DO NOTHING;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    -- More than it adds, of which nobody waits for anybody.
    DELETE FROM audit_days d
    USING (
        SELECT o.day, o.chain, o.subject, o.kind FROM audit_days o
        WHERE o.day < v_today
        ORDER BY o.day
        LIMIT 4
        FOR UPDATE SKIP LOCKED) AS old
    WHERE (d.day, d.chain, d.subject, d.kind) = (old.day, old.chain, old.subject, old.kind);
    RETURN audit_append(p_chain, p_actor, p_action, p_subject, p_data);
END
$$;

-- The number of the first row of a chain that does not fit, or null if all of it does. A cut-off end cannot show
-- here; whoever keeps the last hash elsewhere passes it, and an end that differs is reported as the next number.
CREATE FUNCTION audit_verify(p_chain text, p_last_hash bytea DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_row      audit_log;
    v_number   bigint := 0;
    v_previous bytea := decode(repeat('00', 32), 'hex');
BEGIN
    FOR v_row IN SELECT * FROM audit_log WHERE chain = p_chain ORDER BY number LOOP
        v_number := v_number + 1;
        IF v_row.number <> v_number OR v_row.previous_hash <> v_previous OR v_row.hash <> audit_hash(v_row) THEN
            RETURN v_number;
        END IF;
        v_previous := v_row.hash;
    END LOOP;
    IF p_last_hash IS NOT NULL AND p_last_hash <> v_previous THEN
        RETURN v_number + 1;
    END IF;
    RETURN NULL;
END
$$;
