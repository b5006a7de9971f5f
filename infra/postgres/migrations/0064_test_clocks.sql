-- Merchants' test clocks: times that stand still until they are moved on, and what lives by them. Never on the public network.
-- docs/decisions/0065-test-clocks.md.

CREATE TABLE test_clocks (
    service_id    text        NOT NULL,
    id            text        NOT NULL,
    merchant      text        NOT NULL,
    number        bigint      GENERATED ALWAYS AS IDENTITY,
    name          text,
    created_at    timestamptz NOT NULL,
    -- By the system's clock.
    deletes_after timestamptz NOT NULL,
    -- Where it stands.
    frozen_time   timestamptz NOT NULL,
    -- Whither it goes.
    target        timestamptz,
    status        text        NOT NULL DEFAULT 'ready',
    -- Up to which ledger all was read when it came to stand there: what is of a later one was delivered to a later time.
    ledger        bigint      NOT NULL,
    -- How many were ever made under it.
    owners        integer     NOT NULL DEFAULT 0,
    -- Who is the first for whom it waits, how often it was woken, and when it was last counted that it was.
    awaited       text,
    attempts      integer     NOT NULL DEFAULT 0,
    counted_at    timestamptz,
    stepped_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The count of its events.
    revision      bigint      NOT NULL DEFAULT 0,
    CONSTRAINT test_clocks_pkey PRIMARY KEY (service_id, id),
    CONSTRAINT test_clocks_status_known CHECK (status IN ('ready', 'advancing', 'internal_failure', 'deleting', 'deleted')),
    CONSTRAINT test_clocks_goes_somewhere CHECK ((target IS NOT NULL) = (status IN ('advancing', 'internal_failure'))),
    -- Never back.
    CONSTRAINT test_clocks_goes_forward CHECK (target >= frozen_time),
    CONSTRAINT test_clocks_owners_counted CHECK (owners >= 0)
);

-- A page of a merchant's, and how many he has.
CREATE INDEX test_clocks_merchant ON test_clocks (service_id, merchant, number) WHERE status <> 'deleted';

-- What is to be driven: never many.
CREATE INDEX test_clocks_moving ON test_clocks (service_id, stepped_at) WHERE status IN ('advancing', 'deleting');

-- What nobody has deleted in time.
CREATE INDEX test_clocks_forgotten ON test_clocks (service_id, deletes_after) WHERE status IN ('ready', 'internal_failure');

-- Its events move no money, and are Stripe's.
INSERT INTO merchant_event_families (family, dialect) VALUES ('test_helpers.test_clock', 'stripe');
INSERT INTO journal_silent (event_type) VALUES ('test_helpers.');

-- As the API shows it.
CREATE FUNCTION test_clock_view(c test_clocks) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'object', 'test_helpers.test_clock', 'created', floor(extract(epoch FROM c.created_at))::bigint,
        'deletes_after', floor(extract(epoch FROM c.deletes_after))::bigint,
        'frozen_time', floor(extract(epoch FROM c.frozen_time))::bigint, 'livemode', false, 'name', c.name, 'status', c.status,
        'status_details', jsonb_build_object('advancing', CASE WHEN c.status = 'advancing' THEN
            jsonb_build_object('target_frozen_time', floor(extract(epoch FROM c.target))::bigint) END))
$$;

-- Tells each change of what it does, in the statement that makes it. Whose deletion has begun is deleted to everybody outside.
CREATE FUNCTION test_clock_tell() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := NEW.revision + 1;
    PERFORM events_append(NEW.service_id, jsonb_build_array(jsonb_build_object(
        'id', event_id_at(clock_timestamp(), concat_ws(' ', NEW.service_id, NEW.id, NEW.revision)),
        'type', 'test_helpers.test_clock.' || CASE WHEN TG_OP = 'INSERT' THEN 'created' WHEN NEW.status = 'deleting' THEN 'deleted' ELSE NEW.status END,
        'at', clock_timestamp(), 'subject', NEW.id, 'owner', NEW.merchant, 'data', jsonb_build_object(
            -- As it stood when it went.
            'object', test_clock_view(CASE WHEN NEW.status = 'deleting' THEN OLD ELSE NEW END), 'seq', NEW.revision, 'livemode', false))));
    RETURN NEW;
END
$$;

CREATE TRIGGER test_clock_made BEFORE INSERT ON test_clocks
FOR EACH ROW EXECUTE FUNCTION test_clock_tell();

CREATE TRIGGER test_clock_moved BEFORE UPDATE OF status ON test_clocks
FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status AND NEW.status <> 'deleted') EXECUTE FUNCTION test_clock_tell();

-- Up to which ledger all is read.
CREATE FUNCTION test_clock_ledger(p_service_id text) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT w.ledger FROM ledger_watermark w WHERE w.service_id = p_service_id), 0)
$$;

-- Adds one; false where its merchant has as many as he may.
CREATE FUNCTION test_clock_add(
    p_service_id text, p_id text, p_merchant text, p_name text, p_frozen_time timestamptz, p_now timestamptz, p_deletes_after timestamptz,
    p_most integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time for a merchant: two that count at once would both find room. What is being deleted has its place until it is done.
    PERFORM pg_advisory_xact_lock(hashtext('test_clock_add'), hashtext(p_merchant));
    IF (SELECT count(*) FROM test_clocks c WHERE c.service_id = p_service_id AND c.merchant = p_merchant AND c.status <> 'deleted') >= p_most THEN
        RETURN false;
    END IF;
    INSERT INTO test_clocks (service_id, id, merchant, name, created_at, deletes_after, frozen_time, ledger)
    VALUES (p_service_id, p_id, p_merchant, p_name, p_now, p_deletes_after, p_frozen_time, test_clock_ledger(p_service_id));
    RETURN true;
END
$$;

-- Has one go to a time: moving, backwards, or unknown where it is none of the merchant's. One that stuck may go on from where it stands.
CREATE FUNCTION test_clock_advance(p_service_id text, p_id text, p_merchant text, p_target timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_clock test_clocks;
BEGIN
    SELECT * INTO v_clock FROM test_clocks c
    WHERE c.service_id = p_service_id AND c.id = p_id AND c.merchant = p_merchant FOR UPDATE;
    IF v_clock.id IS NULL OR v_clock.status IN ('deleting', 'deleted') THEN
        RETURN 'unknown';
    END IF;
    IF v_clock.status = 'advancing' THEN
        RETURN 'advancing';
    END IF;
    IF p_target <= v_clock.frozen_time AND v_clock.target IS NULL OR p_target < v_clock.frozen_time THEN
        RETURN 'backwards';
    END IF;
    UPDATE test_clocks c SET status = 'advancing', target = p_target, awaited = NULL, attempts = 0
    WHERE c.service_id = p_service_id AND c.id = p_id;
    RETURN 'moving';
END
$$;

-- Begins to delete one: what lives by it and is open ends where it stands. False where it is none of the merchant's.
CREATE FUNCTION test_clock_delete(p_service_id text, p_id text, p_merchant text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE test_clocks c
    SET status = 'deleting', target = NULL, awaited = NULL, attempts = 0, ledger = test_clock_ledger(p_service_id)
    WHERE c.service_id = p_service_id AND c.id = p_id AND c.merchant = p_merchant AND c.status NOT IN ('deleting', 'deleted');
    RETURN FOUND;
END
$$;

-- Takes a place under one for what is about to be made: admitted, full, moving, or unknown where it is none of the merchant's.
CREATE FUNCTION test_clock_admit(p_service_id text, p_id text, p_merchant text, p_most integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_clock test_clocks;
BEGIN
    SELECT * INTO v_clock FROM test_clocks c
    WHERE c.service_id = p_service_id AND c.id = p_id AND c.merchant = p_merchant FOR UPDATE;
    IF v_clock.id IS NULL OR v_clock.status IN ('deleting', 'deleted') THEN
        RETURN 'unknown';
    ELSIF v_clock.status <> 'ready' THEN
        RETURN 'moving';
    ELSIF v_clock.owners >= p_most THEN
        RETURN 'full';
    END IF;
    UPDATE test_clocks c SET owners = c.owners + 1 WHERE c.service_id = p_service_id AND c.id = p_id;
    RETURN 'admitted';
END
$$;

-- Some of a share of the clocks that are moving, or are to be deleted since nobody did it in time: of each merchant the one that was
-- seen to the longest ago, so that nobody waits behind all of another's.
CREATE FUNCTION test_clocks_moving(
    p_service_id text, p_now timestamptz, p_partition integer, p_partitions integer, p_most integer) RETURNS TABLE (clock text)
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE test_clocks c
    SET status = 'deleting', target = NULL, awaited = NULL, attempts = 0, ledger = test_clock_ledger(p_service_id)
    WHERE c.service_id = p_service_id AND c.deletes_after <= p_now AND c.status IN ('ready', 'internal_failure')
      AND (hashtext(c.id) & 2147483647) % p_partitions = p_partition;
    RETURN QUERY
        SELECT m.id FROM (
            SELECT DISTINCT ON (c.merchant) c.id, c.stepped_at
            FROM test_clocks c
            WHERE c.service_id = p_service_id AND c.status IN ('advancing', 'deleting')
              AND (hashtext(c.id) & 2147483647) % p_partitions = p_partition
            ORDER BY c.merchant, c.stepped_at) m
        ORDER BY m.stepped_at LIMIT p_most;
END
$$;

-- Moves a clock on by a step: to the next moment at which something is due, unless somebody is due where it stands. What is due on one day
-- is one stop, at the last moment of it. Returns whether it goes on, and who is due there. Who is awaited first p_attempts times, of which
-- one is counted in p_pause, has it stand in internal_failure; of a clock that is deleted all that are left are the real due index's, which
-- wakes them as anybody.
CREATE FUNCTION test_clock_step(p_service_id text, p_id text, p_attempts integer, p_pause interval, p_most integer)
RETURNS TABLE (goes_on boolean, state_names text[], grain_keys text[])
LANGUAGE plpgsql AS $$
DECLARE
    v_clock test_clocks;
    v_by    timestamptz;
    v_next  timestamptz;
BEGIN
    SELECT * INTO v_clock FROM test_clocks c WHERE c.service_id = p_service_id AND c.id = p_id FOR UPDATE;
    IF v_clock.id IS NULL OR v_clock.status NOT IN ('advancing', 'deleting') THEN
        RETURN QUERY SELECT false, ARRAY[]::text[], ARRAY[]::text[];
        RETURN;
    END IF;

    v_by := CASE v_clock.status WHEN 'deleting' THEN 'infinity' ELSE v_clock.frozen_time END;
    SELECT array_agg(d.state_name ORDER BY d.due_at, d.grain_key), array_agg(d.grain_key ORDER BY d.due_at, d.grain_key)
    INTO state_names, grain_keys
    FROM grain_state_clock_due(p_service_id, p_id, v_by, p_most) d;
    IF grain_keys IS NOT NULL THEN
        -- Whoever looks twice in a second, or two that drive it, do not wake him twice as often.
        IF v_clock.awaited IS DISTINCT FROM grain_keys[1] THEN
            v_clock.attempts := 0;
            v_clock.counted_at := clock_timestamp();
        ELSIF clock_timestamp() - v_clock.counted_at >= p_pause THEN
            v_clock.attempts := v_clock.attempts + 1;
            v_clock.counted_at := clock_timestamp();
        END IF;
        IF v_clock.attempts >= p_attempts THEN
            IF v_clock.status = 'deleting' THEN
                UPDATE grain_state s SET due_at = coalesce(s.due_at, clock_timestamp())
                WHERE s.service_id = p_service_id AND s.clock = p_id AND s.clock_due_at IS NOT NULL;
            END IF;
            UPDATE test_clocks c
            SET status = CASE c.status WHEN 'deleting' THEN 'deleted' ELSE 'internal_failure' END, stepped_at = clock_timestamp()
            WHERE c.service_id = p_service_id AND c.id = p_id;
            RETURN QUERY SELECT false, ARRAY[]::text[], ARRAY[]::text[];
            RETURN;
        END IF;
        UPDATE test_clocks c
        SET awaited = grain_keys[1], attempts = v_clock.attempts, counted_at = v_clock.counted_at, stepped_at = clock_timestamp()
        WHERE c.service_id = p_service_id AND c.id = p_id;
        goes_on := true;
        RETURN NEXT;
        RETURN;
    END IF;

    IF v_clock.status = 'deleting' THEN
        -- What was made under it asks it for ever what time it is.
        IF v_clock.owners = 0 AND NOT EXISTS (SELECT FROM grain_state s WHERE s.service_id = p_service_id AND s.clock = p_id) THEN
            DELETE FROM test_clocks c WHERE c.service_id = p_service_id AND c.id = p_id;
        ELSE
            UPDATE test_clocks c SET status = 'deleted' WHERE c.service_id = p_service_id AND c.id = p_id;
        END IF;
        RETURN QUERY SELECT false, ARRAY[]::text[], ARRAY[]::text[];
        RETURN;
    END IF;

    SELECT d.due_at INTO v_next FROM grain_state_clock_due(p_service_id, p_id, v_clock.target, 1) d;
    IF v_next IS NOT NULL THEN
        SELECT max(s.clock_due_at) INTO v_next FROM grain_state s
        WHERE s.service_id = p_service_id AND s.clock = p_id AND s.clock_due_at <= v_clock.target
          AND s.clock_due_at < date_trunc('day', v_next, 'UTC') + interval '1 day';
    END IF;
    -- Where nothing is due it arrives, and nobody is woken; else it stands at the stop, and goes on when nobody there is due any more.
    UPDATE test_clocks c
    SET frozen_time = coalesce(v_next, c.target), ledger = test_clock_ledger(p_service_id), awaited = NULL, attempts = 0,
        stepped_at = clock_timestamp(), status = CASE WHEN v_next IS NULL THEN 'ready' ELSE c.status END,
        target = CASE WHEN v_next IS NULL THEN NULL ELSE c.target END
    WHERE c.service_id = p_service_id AND c.id = p_id;
    RETURN QUERY SELECT v_next IS NOT NULL, ARRAY[]::text[], ARRAY[]::text[];
END
$$;
