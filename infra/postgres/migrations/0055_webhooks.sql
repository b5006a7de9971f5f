-- Merchants' events, numbered one by one, and their delivery to the endpoints that merchants name. docs/decisions/0055.

-- Which events with a merchant for their owner he is shown, by the part of the type before its last dot. What is not named here is ours
-- alone. '*' of an endpoint means Stripe's; native ones go to who names them. A feature that adds a family adds its row.
CREATE TABLE merchant_event_families (
    family  text NOT NULL,
    dialect text NOT NULL,
    CONSTRAINT merchant_event_families_pkey PRIMARY KEY (family),
    CONSTRAINT merchant_event_families_dialect_known CHECK (dialect IN ('stripe', 'native', 'simple'))
);

INSERT INTO merchant_event_families (family, dialect)
VALUES ('payment_session', 'native'), ('webhook_endpoint', 'native'), ('refund', 'stripe');

-- What a merchant sees of an internal event, in this order: itself, and what else is said of it in another form.
CREATE FUNCTION merchant_event_types(p_type text) RETURNS TABLE (type text, dialect text)
LANGUAGE sql STABLE AS $$
    SELECT p_type, f.dialect FROM merchant_event_families f WHERE f.family = left(p_type, -length(split_part(p_type, '.', -1)) - 1)
    UNION ALL
    SELECT 'payment.success', 'simple' WHERE p_type = 'payment_session.paid'
$$;

-- The id of what a merchant sees: the internal event's own where the type is, else one that is made of both; so it is the same each time.
-- The first 14 characters are the prefix and the time.
CREATE FUNCTION merchant_event_id(p_event_id text, p_event_type text, p_type text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_type = p_event_type THEN p_event_id
        ELSE left(p_event_id, 14) || left(encode(sha256(convert_to(p_event_id || ' ' || p_type, 'UTF8')), 'hex'), 14)
    END
$$;

-- How far each merchant's numbers go, and where in the feed the last of them stands.
CREATE TABLE merchant_event_heads (
    service_id text   NOT NULL,
    merchant   text   NOT NULL,
    number     bigint NOT NULL,
    xid        xid8   NOT NULL,
    id         bigint NOT NULL,
    -- The next number of a merchant.
    CONSTRAINT merchant_event_heads_pkey PRIMARY KEY (service_id, merchant)
) WITH (fillfactor = 70);

-- Merchants who have something new, for webhook_news.
CREATE INDEX merchant_event_heads_place_idx ON merchant_event_heads (service_id, xid, id);

-- A merchant's events in the order of the feed. What they say stands in events, at (xid, id).
CREATE TABLE merchant_events (
    service_id  text        NOT NULL,
    merchant    text        NOT NULL,
    number      bigint      NOT NULL,
    public_id   text        NOT NULL,
    event_id    text        NOT NULL,
    type        text        NOT NULL,
    dialect     text        NOT NULL,
    -- What they are in order of: the session with all that belongs to it, else the subject.
    object      text        NOT NULL,
    -- The object's own count of its changes.
    seq         bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_on date        NOT NULL,
    -- By the database's clock, whatever clock its subject lives by.
    recorded_at timestamptz NOT NULL,
    xid         xid8        NOT NULL,
    id          bigint      NOT NULL,
    -- Pages of webhook_page and of GET /v1/events.
    CONSTRAINT merchant_events_pkey PRIMARY KEY (service_id, merchant, number),
    -- GET /v1/events/{id}, and starting_after.
    CONSTRAINT merchant_events_public_id_key UNIQUE (service_id, merchant, public_id)
);

-- GET /v1/events of a type.
CREATE INDEX merchant_events_type_idx ON merchant_events (service_id, merchant, type, number);

-- GET /v1/events of a time.
CREATE INDEX merchant_events_occurred_idx ON merchant_events (service_id, merchant, occurred_at);

-- Where a replay from a time begins.
CREATE INDEX merchant_events_recorded_idx ON merchant_events (service_id, merchant, recorded_at);

-- Numbers what merchants are shown of events. All of a batch at once: a merchant's row of heads is written once, for within a transaction each
-- of its versions is walked through by the next.
CREATE FUNCTION project_merchant_events(p_events events[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_bad text;
BEGIN
    SELECT e.event_id INTO v_bad
    FROM unnest(p_events) AS e
    WHERE e.owner LIKE 'mer\_%' AND EXISTS (SELECT FROM merchant_event_types(e.type))
      AND (jsonb_typeof(e.data -> 'object') IS DISTINCT FROM 'object' OR jsonb_typeof(e.data -> 'seq') IS DISTINCT FROM 'number')
    LIMIT 1;
    IF found THEN
        RAISE EXCEPTION 'event % has no object or no seq', v_bad USING ERRCODE = 'data_exception';
    END IF;
    WITH kinds AS MATERIALIZED (
        SELECT t.of, k.type, k.dialect, k.place
        FROM (SELECT DISTINCT e.type AS of FROM unnest(p_events) AS e WHERE e.owner LIKE 'mer\_%') AS t
        CROSS JOIN LATERAL merchant_event_types(t.of) WITH ORDINALITY AS k (type, dialect, place)
    ), told AS MATERIALIZED (
        SELECT e.service_id, e.owner, e.event_id, e.type AS of, k.type, k.dialect, coalesce(e.data ->> 'session', e.subject) AS object,
               (e.data ->> 'seq')::bigint AS seq, e.occurred_at, e.recorded_at, e.xid, e.id,
               row_number() OVER (PARTITION BY e.owner ORDER BY e.xid, e.id, k.place) AS place, count(*) OVER (PARTITION BY e.owner) AS all_of_it
        FROM unnest(p_events) AS e
        JOIN kinds k ON k.of = e.type
        WHERE e.owner LIKE 'mer\_%'
    ), heads AS (
        INSERT INTO merchant_event_heads AS h (service_id, merchant, number, xid, id)
        SELECT t.service_id, t.owner, t.place, t.xid, t.id FROM told t WHERE t.place = t.all_of_it ORDER BY t.owner
        ON CONFLICT (service_id, merchant) DO UPDATE SET number = h.number + excluded.number, xid = excluded.xid, id = excluded.id
        RETURNING h.merchant, h.number
    )
    INSERT INTO merchant_events (
        service_id, merchant, number, public_id, event_id, type, dialect, object, seq, occurred_at, recorded_on, recorded_at, xid, id)
    SELECT t.service_id, t.owner, h.number - t.all_of_it + t.place, merchant_event_id(t.event_id, t.of, t.type), t.event_id, t.type, t.dialect,
           t.object, t.seq, t.occurred_at, (t.recorded_at AT TIME ZONE 'UTC')::date, t.recorded_at, t.xid, t.id
    FROM told t
    JOIN heads h ON h.merchant = t.owner;
END
$$;

-- The same events give the same numbers again, and cursors stay right.
CREATE FUNCTION forget_merchant_events(p_service_id text) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM merchant_events WHERE service_id = p_service_id;
    DELETE FROM merchant_event_heads WHERE service_id = p_service_id;
$$;

-- Where merchants are called.
CREATE SEQUENCE webhook_endpoints_number;

CREATE TABLE webhook_endpoints (
    service_id       text        NOT NULL,
    id               text        NOT NULL,
    merchant         text        NOT NULL,
    -- For pages of a list: ids of two processes are in no order.
    number           bigint      NOT NULL DEFAULT nextval('webhook_endpoints_number'),
    url              text        NOT NULL,
    enabled_events   text[]      NOT NULL,
    description      text,
    metadata         jsonb       NOT NULL,
    api_version      text        NOT NULL,
    status           text        NOT NULL DEFAULT 'enabled',
    -- merchant, gone or failing; null while it is enabled.
    disabled_reason  text,
    -- Encrypted under the merchant's data key.
    secret           bytea       NOT NULL,
    old_secret       bytea,
    old_secret_until timestamptz,
    -- To whom each was shown when it was made: he may still know it. Null where nobody knows.
    secret_shown_to     text,
    old_secret_shown_to text,
    -- Whoever delivers reads the row again where this has changed.
    revision         bigint      NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    tested_at        timestamptz,
    -- Whether what is at its URL has ever taken something: before that nobody knows whether it is the merchant's, and it is called gently.
    is_proven        boolean     NOT NULL DEFAULT false,
    -- Why the merchant is to be told; null where he is not.
    notice           text,
    notice_due_at    timestamptz,
    CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (service_id, id),
    CONSTRAINT webhook_endpoints_status_known CHECK (status IN ('enabled', 'disabled')),
    CONSTRAINT webhook_endpoints_reason_known CHECK (disabled_reason IN ('merchant', 'gone', 'failing')),
    CONSTRAINT webhook_endpoints_reason_given CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL)),
    CONSTRAINT webhook_endpoints_old_secret_ends CHECK ((old_secret IS NULL) = (old_secret_until IS NULL))
);

-- A merchant's endpoints, and how many there are.
CREATE INDEX webhook_endpoints_merchant_idx ON webhook_endpoints (service_id, merchant, number);

-- Merchants who are to be told, for webhook_notices_take.
CREATE INDEX webhook_endpoints_notice_idx ON webhook_endpoints (service_id, notice_due_at) WHERE notice IS NOT NULL;

-- How far each endpoint has come in its merchant's events. An endpoint that is disabled has no row: nothing waits for it.
CREATE TABLE webhook_cursors (
    service_id    text        NOT NULL,
    endpoint      text        NOT NULL,
    merchant      text        NOT NULL,
    -- Who registered the merchant: one user's merchants share places.
    owner         text        NOT NULL,
    -- All numbers up to this have been tried once, or are not for it; and some beyond.
    number        bigint      NOT NULL,
    ahead         bigint[]    NOT NULL DEFAULT '{}',
    -- What is sent again: from the next number to the last.
    replay_next   bigint,
    replay_to     bigint,
    -- Whose it is now, and until when.
    taken_by      uuid,
    taken_until   timestamptz,
    -- When it is to be looked at without anything new: a retry, a probe, or whoever had it may have died. Null if for nothing. Never
    -- before it can be taken: what is due and cannot be would stand in the way of others.
    wake_at       timestamptz,
    -- Failures since the last success, and since when.
    failures      integer     NOT NULL DEFAULT 0,
    failing_since timestamptz,
    -- When it last took long for an answer.
    slow_at       timestamptz,
    -- Whether it failed last, or was slow of late. Such ones share a part of the places.
    is_suspect    boolean     NOT NULL DEFAULT false,
    -- The breaker: null while it is closed; open until then; from then on one probe at a time.
    open_until    timestamptz,
    openings      integer     NOT NULL DEFAULT 0,
    -- The endpoint has asked for rest (Retry-After).
    paused_until  timestamptz,
    CONSTRAINT webhook_cursors_pkey PRIMARY KEY (service_id, endpoint),
    CONSTRAINT webhook_cursors_endpoint_fkey FOREIGN KEY (service_id, endpoint) REFERENCES webhook_endpoints (service_id, id) ON DELETE CASCADE,
    CONSTRAINT webhook_cursors_replay_whole CHECK ((replay_next IS NULL) = (replay_to IS NULL)),
    CONSTRAINT webhook_cursors_due_is_free CHECK (wake_at >= greatest(taken_until, open_until, paused_until)),
    CONSTRAINT webhook_cursors_ahead_bounded CHECK (cardinality(ahead) <= 1000)
) WITH (fillfactor = 70);

-- Those of merchants who have something new.
CREATE INDEX webhook_cursors_merchant_idx ON webhook_cursors (service_id, merchant);

-- How many of a merchant's and of an owner's are being served.
CREATE INDEX webhook_cursors_taken_idx ON webhook_cursors (service_id, merchant, owner) WHERE taken_by IS NOT NULL;

-- What is due without anything new: each kind by itself, so that neither stands in the other's way.
CREATE INDEX webhook_cursors_wake_idx ON webhook_cursors (service_id, is_suspect, wake_at) WHERE wake_at IS NOT NULL;

-- Events that were tried without success, or are to be sent again: bounded by what is sent at once and by the breaker.
CREATE TABLE webhook_retries (
    service_id      text        NOT NULL,
    endpoint        text        NOT NULL,
    number          bigint      NOT NULL,
    -- How often it was tried.
    attempt         integer     NOT NULL,
    -- Null: it is not tried any more unless somebody asks for it.
    due_at          timestamptz,
    first_failed_at timestamptz,
    -- Where its bytes are; null until it was sent once.
    kept_on         date,
    changed_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT webhook_retries_pkey PRIMARY KEY (service_id, endpoint, number),
    CONSTRAINT webhook_retries_endpoint_fkey FOREIGN KEY (service_id, endpoint) REFERENCES webhook_endpoints (service_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70);

-- An endpoint's next ones.
CREATE INDEX webhook_retries_due_idx ON webhook_retries (service_id, endpoint, due_at) WHERE due_at IS NOT NULL;

-- Those that nobody asked for, for their removal.
CREATE INDEX webhook_retries_stopped_idx ON webhook_retries (changed_at) WHERE due_at IS NULL;

-- What an endpoint was not sent because it was disabled: from the first that was still to be tried again.
CREATE TABLE webhook_skips (
    service_id  text        NOT NULL,
    endpoint    text        NOT NULL,
    from_number bigint      NOT NULL,
    -- Null while it is disabled.
    to_number   bigint,
    since       timestamptz NOT NULL,
    until       timestamptz,
    CONSTRAINT webhook_skips_pkey PRIMARY KEY (service_id, endpoint, since),
    CONSTRAINT webhook_skips_endpoint_fkey FOREIGN KEY (service_id, endpoint) REFERENCES webhook_endpoints (service_id, id) ON DELETE CASCADE
);

-- The bytes that were sent first, once an event and version. A partition a day, kept for thirty days.
CREATE TABLE webhook_bodies (
    service_id  text   NOT NULL,
    merchant    text   NOT NULL,
    number      bigint NOT NULL,
    api_version text   NOT NULL,
    kept_on     date   NOT NULL,
    body        bytea  NOT NULL,
    -- The day comes last: within its partition it is the same everywhere, and what is looked for from a day on would be looked for in all of it.
    CONSTRAINT webhook_bodies_pkey PRIMARY KEY (service_id, merchant, number, api_version, kept_on)
) PARTITION BY RANGE (kept_on);

-- Each try, as it went. A partition a day, kept for thirty days.
CREATE SEQUENCE webhook_tries_id;

CREATE TABLE webhook_tries (
    service_id       text        NOT NULL,
    endpoint         text        NOT NULL,
    id               bigint      NOT NULL DEFAULT nextval('webhook_tries_id'),
    tried_on         date        NOT NULL,
    started_at       timestamptz NOT NULL,
    -- Null for a test event, which is nobody's.
    number           bigint,
    event_id         text        NOT NULL,
    type             text        NOT NULL,
    attempt          integer     NOT NULL,
    outcome          text        NOT NULL,
    url              text        NOT NULL,
    request_headers  jsonb       NOT NULL,
    api_version      text        NOT NULL,
    kept_on          date,
    -- Of a test event; all others' stand in webhook_bodies.
    body             bytea,
    status           integer,
    response_headers jsonb,
    response_body    bytea,
    took_ms          integer     NOT NULL,
    problem          text,
    next_at          timestamptz,
    -- An endpoint's tries, newest first.
    CONSTRAINT webhook_tries_pkey PRIMARY KEY (tried_on, service_id, endpoint, id),
    CONSTRAINT webhook_tries_response_bounded CHECK (octet_length(response_body) <= 2048)
) PARTITION BY RANGE (tried_on);

-- A page of GET /v1/webhook_endpoints/{id}/deliveries, which no day bounds.
CREATE INDEX webhook_tries_endpoint_idx ON webhook_tries (service_id, endpoint, id);

-- How a test event went, which was sent under an idempotency key.
CREATE INDEX webhook_tries_test_idx ON webhook_tries (service_id, event_id) WHERE number IS NULL;

-- Makes the partitions of these days. Attaching, unlike creating in place, waits for no reader.
CREATE FUNCTION webhook_partitions_ensure(p_from date, p_to date) RETURNS integer
LANGUAGE plpgsql
SET lock_timeout = '2s' AS $$
DECLARE
    v_table text;
    v_name  text;
    v_made  integer := 0;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['webhook_bodies', 'webhook_tries'] LOOP
        FOR v_day IN 0 .. p_to - p_from LOOP
            v_name := v_table || to_char(p_from + v_day, '_YYYYMMDD');
            IF to_regclass(v_name) IS NULL THEN
                PERFORM pg_advisory_xact_lock(hashtext('webhook_partitions_ensure'));
                IF to_regclass(v_name) IS NULL THEN
                    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name, v_table);
                    EXECUTE format(
                        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', v_table, v_name, p_from + v_day, p_from + v_day + 1);
                    v_made := v_made + 1;
                END IF;
            END IF;
        END LOOP;
    END LOOP;
    RETURN v_made;
END
$$;

-- Drops the partitions of days before this, and forgets what nobody asked to be sent again since; returns how many partitions.
CREATE FUNCTION webhook_partitions_drop(p_before date) RETURNS integer
LANGUAGE plpgsql
SET lock_timeout = '250ms' AS $$
DECLARE
    v_name    text;
    v_dropped integer := 0;
BEGIN
    FOR v_name IN
        SELECT c.relname
        FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('webhook_bodies'::regclass, 'webhook_tries'::regclass)
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < p_before
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE %I', v_name);
        v_dropped := v_dropped + 1;
    END LOOP;
    DELETE FROM webhook_retries r WHERE (r.due_at IS NULL AND r.changed_at < p_before) OR r.first_failed_at < p_before;
    RETURN v_dropped;
END
$$;

SELECT webhook_partitions_ensure((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 7);

-- Whether an endpoint has asked for events of a type.
CREATE FUNCTION webhook_wants(p_enabled text[], p_type text, p_dialect text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_type = ANY (p_enabled)
        OR (p_dialect = 'stripe' AND '*' = ANY (p_enabled))
        OR left(p_type, -length(split_part(p_type, '.', -1))) || '*' = ANY (p_enabled)
$$;

-- What an endpoint is as events tell it.
CREATE FUNCTION webhook_endpoint_view(e webhook_endpoints, p_livemode boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id, 'object', 'webhook_endpoint', 'api_version', e.api_version, 'application', NULL,
        'created', floor(extract(epoch FROM e.created_at))::bigint, 'description', e.description,
        'enabled_events', to_jsonb(e.enabled_events), 'livemode', p_livemode, 'metadata', e.metadata, 'status', e.status, 'url', e.url,
        'stellarpay', jsonb_build_object('disabled_reason', e.disabled_reason))
$$;

-- Ends the deliveries to an endpoint, which from now on misses what happens. Where it was not its merchant's wish, he is to be told, and
-- that is an event. False where it was disabled already.
CREATE FUNCTION webhook_close(p_service_id text, p_endpoint text, p_reason text, p_event_id text, p_livemode boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_endpoint webhook_endpoints;
    v_number   bigint;
    v_stopped  bigint;
BEGIN
    -- The cursor before the endpoint, as in all functions that need both.
    SELECT c.number INTO v_number FROM webhook_cursors c WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint FOR UPDATE;
    UPDATE webhook_endpoints e
    SET status = 'disabled', disabled_reason = p_reason, revision = e.revision + 1,
        notice = CASE WHEN p_reason <> 'merchant' THEN p_reason END,
        notice_due_at = CASE WHEN p_reason <> 'merchant' THEN clock_timestamp() END
    WHERE e.service_id = p_service_id AND e.id = p_endpoint AND e.status = 'enabled'
    RETURNING * INTO v_endpoint;
    IF NOT found THEN
        RETURN false;
    END IF;
    DELETE FROM webhook_cursors c WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint;
    WITH stopped AS (
        UPDATE webhook_retries r SET due_at = NULL, changed_at = clock_timestamp()
        WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint AND r.due_at IS NOT NULL
        RETURNING r.number
    )
    SELECT min(s.number) INTO v_stopped FROM stopped s;
    INSERT INTO webhook_skips (service_id, endpoint, from_number, since)
    VALUES (p_service_id, p_endpoint, least(coalesce(v_number, 0) + 1, v_stopped), clock_timestamp());
    IF p_reason <> 'merchant' THEN
        PERFORM events_append(p_service_id, jsonb_build_array(jsonb_build_object(
            'id', p_event_id, 'type', 'webhook_endpoint.disabled', 'at', clock_timestamp(), 'subject', p_endpoint,
            'owner', v_endpoint.merchant, 'data', jsonb_build_object(
                'object', webhook_endpoint_view(v_endpoint, p_livemode), 'seq', v_endpoint.revision, 'livemode', p_livemode))));
    END IF;
    RETURN true;
END
$$;

-- Whose a merchant is: one user may have many.
CREATE FUNCTION webhook_owner(p_merchant text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT m.created_by FROM merchants.merchants m WHERE m.id = p_merchant), p_merchant)
$$;

-- Begins the deliveries to an endpoint with what happens from now on.
CREATE FUNCTION webhook_open(p_service_id text, p_endpoint text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_merchant text;
    v_head     bigint;
BEGIN
    UPDATE webhook_endpoints e SET status = 'enabled', disabled_reason = NULL, revision = e.revision + 1, notice = NULL, notice_due_at = NULL
    WHERE e.service_id = p_service_id AND e.id = p_endpoint AND e.status = 'disabled'
    RETURNING e.merchant INTO v_merchant;
    IF NOT found THEN
        RETURN false;
    END IF;
    SELECT coalesce(max(h.number), 0) INTO v_head FROM merchant_event_heads h WHERE h.service_id = p_service_id AND h.merchant = v_merchant;
    INSERT INTO webhook_cursors (service_id, endpoint, merchant, owner, number)
    VALUES (p_service_id, p_endpoint, v_merchant, webhook_owner(v_merchant), v_head);
    -- Where nothing was missed there is nothing to tell.
    DELETE FROM webhook_skips s
    WHERE s.service_id = p_service_id AND s.endpoint = p_endpoint AND s.to_number IS NULL AND s.from_number > v_head;
    UPDATE webhook_skips s SET to_number = v_head, until = clock_timestamp()
    WHERE s.service_id = p_service_id AND s.endpoint = p_endpoint AND s.to_number IS NULL;
    -- A merchant who switches back and forth leaves a hundred of them.
    DELETE FROM webhook_skips s
    WHERE s.service_id = p_service_id AND s.endpoint = p_endpoint AND s.since IN (
        SELECT o.since FROM webhook_skips o
        WHERE o.service_id = p_service_id AND o.endpoint = p_endpoint ORDER BY o.since DESC OFFSET 100);
    RETURN true;
END
$$;

-- Removes an endpoint with all that waits for it. The log of it is nobody's then, and goes with its days.
CREATE FUNCTION webhook_endpoint_remove(p_service_id text, p_merchant text, p_endpoint text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM webhook_cursors c WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint AND c.merchant = p_merchant FOR UPDATE;
    DELETE FROM webhook_endpoints e WHERE e.service_id = p_service_id AND e.id = p_endpoint AND e.merchant = p_merchant;
    RETURN found;
END
$$;

-- Who sees what is shown to an actor: somebody who is logged in himself, of a key whom that was shown to.
CREATE FUNCTION webhook_secret_person(p_actor text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_actor LIKE 'key\_%'
        THEN (SELECT s.shown_to FROM merchants.api_key_secrets s WHERE s.key_id = p_actor ORDER BY s.until DESC NULLS FIRST LIMIT 1)
        ELSE p_actor END
$$;

-- The endpoints of a merchant whose secret somebody was shown: that of now, or the one before while it signs.
CREATE FUNCTION webhook_secrets_known(p_service_id text, p_merchant text, p_person text) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
    SELECT e.id FROM webhook_endpoints e
    WHERE e.service_id = p_service_id AND e.merchant = p_merchant
      AND (e.secret_shown_to = p_person OR (e.old_secret_shown_to = p_person AND e.old_secret_until > now()))
    ORDER BY e.number
$$;

-- Adds an endpoint, which begins with what happens from now on. False where its merchant has as many as he may.
CREATE FUNCTION webhook_endpoint_add(
    p_service_id text, p_id text, p_merchant text, p_url text, p_enabled text[], p_description text, p_metadata jsonb, p_version text,
    p_secret bytea, p_now timestamptz, p_most integer, p_actor text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time for a merchant: two that count at once would both find room.
    PERFORM pg_advisory_xact_lock(hashtext('webhook_endpoint_add'), hashtext(p_merchant));
    IF (SELECT count(*) FROM webhook_endpoints e WHERE e.service_id = p_service_id AND e.merchant = p_merchant) >= p_most THEN
        RETURN false;
    END IF;
    INSERT INTO webhook_endpoints (
        service_id, id, merchant, url, enabled_events, description, metadata, api_version, secret, created_at, secret_shown_to)
    VALUES (
        p_service_id, p_id, p_merchant, p_url, p_enabled, p_description, p_metadata, p_version, p_secret, p_now, webhook_secret_person(p_actor));
    INSERT INTO webhook_cursors (service_id, endpoint, merchant, owner, number)
    SELECT p_service_id, p_id, p_merchant, webhook_owner(p_merchant), coalesce(max(h.number), 0)
    FROM merchant_event_heads h WHERE h.service_id = p_service_id AND h.merchant = p_merchant;
    RETURN true;
END
$$;

-- Merchants who have something new since a place of the feed, in its order.
CREATE FUNCTION webhook_news(p_service_id text, p_xid xid8, p_id bigint, p_limit integer)
RETURNS TABLE (merchant text, xid xid8, id bigint)
LANGUAGE sql STABLE AS $$
    SELECT h.merchant, h.xid, h.id FROM merchant_event_heads h
    WHERE h.service_id = p_service_id AND (h.xid, h.id) > (p_xid, p_id)
    ORDER BY h.xid, h.id
    LIMIT p_limit
$$;

-- Endpoints that may have something to do: those of these merchants, or of all where none are named, whose merchant is ahead of them; and
-- those whose time has come. Not those that somebody has, whose breaker is open, or that asked for rest. Of a merchant at most
-- p_per_merchant are served at once, of one owner's merchants p_per_owner; of those that failed last or were slow, p_suspects are taken.
-- What is due and cannot be taken stands in nobody's way: it is left out before a part of what is due is looked at.
CREATE FUNCTION webhook_take(
    p_service_id text, p_token uuid, p_merchants text[], p_limit integer, p_suspects integer, p_per_merchant integer, p_per_owner integer,
    p_lease interval)
RETURNS TABLE (
    endpoint text, merchant text, number bigint, ahead bigint[], is_open boolean, is_suspect boolean, is_proven boolean, url text,
    enabled_events text[], api_version text, secret bytea, old_secret bytea, revision bigint, replays boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_now   timestamptz := clock_timestamp();
    v_found text[];
BEGIN
    -- Before it is needed: where no housekeeping has run, the day after tomorrow still has its place.
    IF to_regclass('webhook_tries' || to_char((v_now AT TIME ZONE 'UTC')::date + 2, '_YYYYMMDD')) IS NULL THEN
        PERFORM webhook_partitions_ensure((v_now AT TIME ZONE 'UTC')::date, (v_now AT TIME ZONE 'UTC')::date + 7);
    END IF;
    WITH served AS MATERIALIZED (
        SELECT t.merchant, t.owner, count(*) AS many FROM webhook_cursors t
        WHERE t.service_id = p_service_id AND t.taken_by IS NOT NULL AND t.taken_until > v_now
        GROUP BY t.merchant, t.owner
    ), of_owners AS MATERIALIZED (
        SELECT s.owner, sum(s.many) AS many FROM served s GROUP BY s.owner
    ), due AS (
        (SELECT c.endpoint, c.merchant, c.owner, c.is_suspect, c.wake_at
         FROM webhook_cursors c
         WHERE c.service_id = p_service_id AND NOT c.is_suspect AND c.wake_at <= v_now
           AND NOT EXISTS (SELECT FROM served s WHERE s.merchant = c.merchant AND s.many >= p_per_merchant)
           AND NOT EXISTS (SELECT FROM of_owners o WHERE o.owner = c.owner AND o.many >= p_per_owner)
         ORDER BY c.wake_at
         LIMIT p_limit * 4)
        UNION
        (SELECT c.endpoint, c.merchant, c.owner, c.is_suspect, c.wake_at
         FROM webhook_cursors c
         WHERE c.service_id = p_service_id AND c.is_suspect AND c.wake_at <= v_now
           AND NOT EXISTS (SELECT FROM served s WHERE s.merchant = c.merchant AND s.many >= p_per_merchant)
           AND NOT EXISTS (SELECT FROM of_owners o WHERE o.owner = c.owner AND o.many >= p_per_owner)
         ORDER BY c.wake_at
         LIMIT p_suspects * 4)
        UNION
        (SELECT c.endpoint, c.merchant, c.owner, c.is_suspect, c.wake_at
         FROM webhook_cursors c
         JOIN merchant_event_heads h ON h.service_id = c.service_id AND h.merchant = c.merchant
         WHERE c.service_id = p_service_id AND (p_merchants IS NULL OR c.merchant = ANY (p_merchants)) AND c.number < h.number
           AND (c.taken_until IS NULL OR c.taken_until <= v_now)
           AND (c.open_until IS NULL OR c.open_until <= v_now)
           AND (c.paused_until IS NULL OR c.paused_until <= v_now))
    ), of_merchants AS (
        SELECT d.*, row_number() OVER (PARTITION BY d.merchant ORDER BY d.is_suspect, d.wake_at NULLS FIRST, d.endpoint)
                   + coalesce(s.many, 0) AS of_merchant
        FROM due d
        LEFT JOIN served s ON s.merchant = d.merchant AND s.owner = d.owner
    ), free AS (
        SELECT m.*, row_number() OVER (PARTITION BY m.owner ORDER BY m.is_suspect, m.wake_at NULLS FIRST, m.endpoint)
                   + coalesce(o.many, 0) AS of_owner
        FROM of_merchants m
        LEFT JOIN of_owners o ON o.owner = m.owner
        WHERE m.of_merchant <= p_per_merchant
    )
    SELECT array_agg(f.endpoint) INTO v_found
    FROM (
        SELECT k.endpoint
        FROM (
            SELECT r.*, row_number() OVER (PARTITION BY r.is_suspect ORDER BY r.wake_at NULLS FIRST, r.endpoint) AS of_kind
            FROM free r WHERE r.of_owner <= p_per_owner) k
        WHERE NOT k.is_suspect OR k.of_kind <= p_suspects
        ORDER BY k.is_suspect, k.of_kind
        LIMIT p_limit) f;
    IF v_found IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH taken AS (
        UPDATE webhook_cursors c
        SET taken_by = p_token, taken_until = v_now + p_lease, wake_at = v_now + p_lease
        WHERE c.service_id = p_service_id AND c.endpoint IN (
            SELECT l.endpoint FROM webhook_cursors l
            WHERE l.service_id = p_service_id AND l.endpoint = ANY (v_found)
              AND (l.taken_until IS NULL OR l.taken_until <= v_now)
              AND (l.open_until IS NULL OR l.open_until <= v_now)
              AND (l.paused_until IS NULL OR l.paused_until <= v_now)
            FOR UPDATE SKIP LOCKED)
        RETURNING c.*)
    SELECT t.endpoint, t.merchant, t.number, t.ahead, t.open_until IS NOT NULL, t.is_suspect, e.is_proven, e.url, e.enabled_events,
           e.api_version, e.secret, CASE WHEN e.old_secret_until > v_now THEN e.old_secret END, e.revision, t.replay_next IS NOT NULL
    FROM taken t
    JOIN webhook_endpoints e ON e.service_id = p_service_id AND e.id = t.endpoint;
END
$$;

-- Gives an endpoint back; says when it is to be looked at again.
CREATE FUNCTION webhook_release(p_service_id text, p_endpoint text, p_token uuid, p_not_before interval) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_now    timestamptz := clock_timestamp();
    v_cursor webhook_cursors;
    v_next   timestamptz;
BEGIN
    -- What is new once it is given back is found by whoever sees that its merchant has something new.
    SELECT * INTO v_cursor FROM webhook_cursors c
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint AND c.taken_by = p_token FOR UPDATE;
    IF NOT found THEN
        RETURN;
    END IF;
    v_next := CASE
        WHEN v_cursor.open_until > v_now THEN v_cursor.open_until
        WHEN v_cursor.replay_next IS NOT NULL OR v_cursor.number < (
            SELECT h.number FROM merchant_event_heads h WHERE h.service_id = p_service_id AND h.merchant = v_cursor.merchant) THEN v_now
        ELSE (SELECT min(r.due_at) FROM webhook_retries r WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint)
    END;
    UPDATE webhook_cursors c
    SET taken_by = NULL, taken_until = NULL,
        -- Who could not go on is left alone for a while, whatever is new for it.
        paused_until = CASE WHEN p_not_before > interval '0' THEN greatest(v_cursor.paused_until, v_now + p_not_before)
                            ELSE v_cursor.paused_until END,
        wake_at = CASE WHEN v_next IS NOT NULL
                       THEN greatest(v_next, v_cursor.open_until, v_cursor.paused_until, v_now + p_not_before) END
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint;
END
$$;

-- A merchant's events after a number, each with whether an endpoint wants it, and if so what it says.
CREATE FUNCTION webhook_page(p_service_id text, p_merchant text, p_enabled text[], p_after bigint, p_limit integer)
RETURNS TABLE (
    number bigint, public_id text, type text, dialect text, object text, seq bigint, occurred_at timestamptz, recorded_on date,
    is_wanted boolean, pending bigint, data jsonb)
LANGUAGE sql STABLE AS $$
    WITH page AS MATERIALIZED (
        SELECT m.*, webhook_wants(p_enabled, m.type, m.dialect) AS is_wanted
        FROM merchant_events m
        WHERE m.service_id = p_service_id AND m.merchant = p_merchant AND m.number > p_after
        ORDER BY m.number
        LIMIT p_limit)
    SELECT p.number, p.public_id, p.type, p.dialect, p.object, p.seq, p.occurred_at, p.recorded_on, p.is_wanted,
           CASE WHEN p.is_wanted THEN (
               SELECT count(*) FROM webhook_endpoints e
               WHERE e.service_id = p_service_id AND e.merchant = p_merchant AND e.status = 'enabled'
                 AND webhook_wants(e.enabled_events, p.type, p.dialect)) END,
           d.data
    FROM page p
    LEFT JOIN LATERAL (SELECT v.data FROM events v WHERE p.is_wanted AND v.xid = p.xid AND v.id = p.id) d ON true
    ORDER BY p.number
$$;

-- An endpoint's next retries, but for those that are under way; with the bytes that were sent before, where there are.
CREATE FUNCTION webhook_due(
    p_service_id text, p_endpoint text, p_merchant text, p_version text, p_except bigint[], p_limit integer)
RETURNS TABLE (
    number bigint, public_id text, type text, dialect text, object text, seq bigint, occurred_at timestamptz, recorded_on date,
    attempt integer, kept_on date, pending bigint, body bytea, data jsonb)
LANGUAGE sql STABLE AS $$
    WITH due AS MATERIALIZED (
        SELECT r.number, r.attempt, r.kept_on, r.due_at
        FROM webhook_retries r
        WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint AND r.due_at <= clock_timestamp() AND r.number <> ALL (p_except)
        ORDER BY r.due_at, r.number
        LIMIT p_limit)
    SELECT m.number, m.public_id, m.type, m.dialect, m.object, m.seq, m.occurred_at, m.recorded_on, r.attempt, r.kept_on,
           (SELECT count(*) FROM webhook_endpoints e
            WHERE e.service_id = p_service_id AND e.merchant = p_merchant AND e.status = 'enabled'
              AND webhook_wants(e.enabled_events, m.type, m.dialect)),
           b.body, d.data
    FROM due r
    JOIN merchant_events m ON m.service_id = p_service_id AND m.merchant = p_merchant AND m.number = r.number
    LEFT JOIN webhook_bodies b
        ON b.kept_on = r.kept_on AND b.service_id = p_service_id AND b.merchant = p_merchant AND b.number = r.number AND b.api_version = p_version
    LEFT JOIN LATERAL (SELECT v.data FROM events v WHERE b.body IS NULL AND v.xid = m.xid AND v.id = m.id) d ON true
    ORDER BY r.due_at, r.number
$$;

-- When the next of an endpoint's retries is due, in milliseconds from now.
CREATE FUNCTION webhook_next_due(p_service_id text, p_endpoint text, p_except bigint[]) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT greatest(ceil(extract(epoch FROM min(r.due_at) - clock_timestamp()) * 1000), 0)::bigint
    FROM webhook_retries r
    WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint AND r.due_at IS NOT NULL AND r.number <> ALL (p_except)
$$;

-- Keeps the bytes of events before they are sent first. Where they were kept before, those count: where they are, and what they are if
-- they are not these. Looked for from the day on which the first of these events was recorded.
CREATE FUNCTION webhook_bodies_keep(
    p_service_id text, p_merchant text, p_version text, p_numbers bigint[], p_bodies bytea[], p_since date)
RETURNS TABLE (number bigint, kept_on date, body bytea)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
BEGIN
    INSERT INTO webhook_bodies (service_id, merchant, number, api_version, kept_on, body)
    SELECT p_service_id, p_merchant, n.number, p_version, v_today, n.body
    FROM unnest(p_numbers, p_bodies) AS n (number, body)
    -- Number by number: a merchant has kept many more today.
    LEFT JOIN LATERAL (
        SELECT b.kept_on FROM webhook_bodies b
        WHERE b.kept_on BETWEEN p_since AND v_today AND b.service_id = p_service_id AND b.merchant = p_merchant AND b.number = n.number
          AND b.api_version = p_version
        LIMIT 1) AS b ON true
    WHERE b.kept_on IS NULL
    ORDER BY n.number
    ON CONFLICT DO NOTHING;
    RETURN QUERY
    SELECT n.number, b.kept_on, CASE WHEN b.body <> n.body THEN b.body END
    FROM unnest(p_numbers, p_bodies) AS n (number, body)
    CROSS JOIN LATERAL (
        SELECT b.kept_on, b.body FROM webhook_bodies b
        WHERE b.kept_on BETWEEN p_since AND v_today AND b.service_id = p_service_id AND b.merchant = p_merchant AND b.number = n.number
          AND b.api_version = p_version
        ORDER BY b.kept_on
        LIMIT 1) AS b;
END
$$;

-- Writes how tries went, [{"number","event_id","type","attempt","outcome","url","version","headers","kept_on","status",
-- "response_headers","response_body","started_at","took_ms","problem","retry_ms","rest_ms","unsendable"}, …], in their order, and how far the
-- endpoint has come. What is unsendable could not be written and was sent nobody: it says nothing of the endpoint, and waits until somebody
-- asks for it. What failed is tried again after retry_ms, at the latest when p_give_up is over since it first failed, and then for the last
-- time. Who took longer than p_slow for an answer is a suspect for ten minutes. Says what has become of the endpoint: ok, lost (somebody else has it), changed (it is to be read anew), open, paused; gone or
-- failing: it is to be disabled.
CREATE FUNCTION webhook_settle(
    p_service_id text, p_endpoint text, p_token uuid, p_revision bigint, p_number bigint, p_ahead bigint[], p_tries jsonb, p_lease interval,
    p_breaker_failures integer, p_breaker_after interval, p_first_probe interval, p_longest_probe interval, p_give_up interval,
    p_slow interval)
RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_now      timestamptz := clock_timestamp();
    v_revision bigint;
    v_proven   boolean;
    v_cursor   webhook_cursors;
    v_try      record;
    v_failed   timestamptz;
    v_next     timestamptz;
    v_closes   text;
BEGIN
    SELECT * INTO v_cursor FROM webhook_cursors c WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint FOR UPDATE;
    SELECT e.revision, e.is_proven INTO v_revision, v_proven
    FROM webhook_endpoints e WHERE e.service_id = p_service_id AND e.id = p_endpoint;
    -- Its merchant has disabled or removed it meanwhile, or somebody else has it: how it went is written all the same, and moves nothing.
    IF v_cursor.taken_by IS DISTINCT FROM p_token THEN
        IF v_revision IS NOT NULL THEN
            PERFORM webhook_tries_write(p_service_id, p_endpoint, p_tries, NULL);
        END IF;
        RETURN 'lost';
    END IF;
    FOR v_try IN
        SELECT t.*, t.position - 1 AS at
        FROM ROWS FROM (jsonb_to_recordset(p_tries) AS (
            number bigint, attempt integer, outcome text, kept_on date, retry_ms bigint, rest_ms bigint, unsendable boolean, took_ms bigint))
            WITH ORDINALITY AS t (number, attempt, outcome, kept_on, retry_ms, rest_ms, unsendable, took_ms, position)
        ORDER BY t.position
    LOOP
        IF v_try.took_ms * interval '1 millisecond' > p_slow THEN
            v_cursor.slow_at := v_now;
        END IF;
        IF v_try.outcome = 'succeeded' THEN
            v_cursor.failures := 0;
            v_cursor.failing_since := NULL;
            v_cursor.open_until := NULL;
            v_cursor.openings := 0;
            IF NOT v_proven AND v_revision = p_revision THEN
                UPDATE webhook_endpoints e SET is_proven = true WHERE e.service_id = p_service_id AND e.id = p_endpoint;
                v_proven := true;
            END IF;
            DELETE FROM webhook_retries r WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint AND r.number = v_try.number;
            CONTINUE;
        END IF;
        IF v_try.unsendable THEN
            DELETE FROM webhook_retries r WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint AND r.number = v_try.number;
            CONTINUE;
        END IF;
        v_cursor.failures := v_cursor.failures + 1;
        v_cursor.failing_since := coalesce(v_cursor.failing_since, v_now);
        -- Five minutes of failures, because an endpoint that restarts is to get the first try of everything at once; who never took
        -- anything may be somebody who asked for nothing.
        IF v_cursor.failures >= p_breaker_failures AND (v_cursor.failing_since <= v_now - p_breaker_after OR NOT v_proven)
            AND (v_cursor.open_until IS NULL OR v_cursor.open_until <= v_now)
        THEN
            v_cursor.open_until := v_now + least(p_first_probe * power(2, least(v_cursor.openings, 16)), p_longest_probe);
            v_cursor.openings := v_cursor.openings + 1;
        END IF;
        IF v_try.rest_ms IS NOT NULL THEN
            v_cursor.paused_until := greatest(v_cursor.paused_until, v_now + v_try.rest_ms * interval '1 millisecond');
        END IF;
        SELECT r.first_failed_at INTO v_failed FROM webhook_retries r
        WHERE r.service_id = p_service_id AND r.endpoint = p_endpoint AND r.number = v_try.number;
        v_failed := coalesce(v_failed, v_now);
        -- Who is gone is disabled at once, which stops it; should nobody get to that, he is asked again.
        v_next := CASE
            WHEN v_try.outcome = 'gone' THEN v_now
            WHEN v_failed + p_give_up > v_now THEN least(v_now + v_try.retry_ms * interval '1 millisecond', v_failed + p_give_up)
        END;
        INSERT INTO webhook_retries AS r (service_id, endpoint, number, attempt, due_at, first_failed_at, kept_on, changed_at)
        VALUES (p_service_id, p_endpoint, v_try.number, v_try.attempt, v_next, v_failed, v_try.kept_on, v_now)
        ON CONFLICT (service_id, endpoint, number) DO UPDATE
        SET attempt = excluded.attempt, due_at = excluded.due_at, first_failed_at = excluded.first_failed_at,
            kept_on = excluded.kept_on, changed_at = v_now;
        IF v_try.outcome <> 'gone' THEN
            p_tries := jsonb_set(p_tries, ARRAY[v_try.at::text, 'next_at'], coalesce(to_jsonb(v_next), 'null'));
        END IF;
        IF v_try.outcome = 'gone' THEN
            v_closes := 'gone';
        ELSIF v_cursor.failing_since <= v_now - p_give_up THEN
            v_closes := coalesce(v_closes, 'failing');
        END IF;
    END LOOP;
    PERFORM webhook_tries_write(p_service_id, p_endpoint, p_tries, NULL);
    UPDATE webhook_cursors c
    SET number = p_number, ahead = p_ahead, failures = v_cursor.failures, failing_since = v_cursor.failing_since,
        open_until = v_cursor.open_until, openings = v_cursor.openings, paused_until = v_cursor.paused_until,
        slow_at = v_cursor.slow_at,
        is_suspect = v_cursor.failures > 0 OR coalesce(v_cursor.slow_at > v_now - interval '10 minutes', false),
        -- The index is touched now and then, not with each write: three quarters of the time are longer than any try.
        taken_until = CASE WHEN c.taken_until < v_now + p_lease * 0.75 THEN v_now + p_lease ELSE c.taken_until END,
        wake_at = greatest(
            CASE WHEN c.taken_until < v_now + p_lease * 0.75 THEN v_now + p_lease ELSE c.taken_until END, v_cursor.open_until,
            v_cursor.paused_until)
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint;
    RETURN CASE
        WHEN v_closes IS NOT NULL THEN v_closes
        WHEN v_cursor.open_until > v_now THEN 'open'
        WHEN v_cursor.paused_until > v_now THEN 'paused'
        WHEN v_revision <> p_revision THEN 'changed'
        ELSE 'ok'
    END;
END
$$;

-- The lines of the log. p_body is the body where it is not kept elsewhere: of a test event.
CREATE FUNCTION webhook_tries_write(p_service_id text, p_endpoint text, p_tries jsonb, p_body bytea) RETURNS bigint
LANGUAGE sql AS $$
    WITH written AS (
        INSERT INTO webhook_tries (
            service_id, endpoint, tried_on, started_at, number, event_id, type, attempt, outcome, url, request_headers, api_version, kept_on,
            body, status, response_headers, response_body, took_ms, problem, next_at)
        SELECT p_service_id, p_endpoint, (clock_timestamp() AT TIME ZONE 'UTC')::date, t.started_at, t.number, t.event_id, t.type, t.attempt,
               t.outcome, t.url, t.headers, t.version, t.kept_on, CASE WHEN t.number IS NULL THEN p_body END, t.status, t.response_headers,
               decode(t.response_body, 'base64'), t.took_ms, t.problem, t.next_at
        FROM jsonb_to_recordset(p_tries) AS t (
            started_at timestamptz, number bigint, event_id text, type text, attempt integer, outcome text, url text, headers jsonb,
            version text, kept_on date, status integer, response_headers jsonb, response_body text, took_ms integer, problem text,
            next_at timestamptz)
        RETURNING id)
    SELECT max(w.id) FROM written w
$$;

-- Makes the next events of a replay due, p_room at most out of the next p_scan, and moves it on; returns whether it goes on. Of what the
-- endpoint does not want there may be much.
CREATE FUNCTION webhook_replay_fill(
    p_service_id text, p_endpoint text, p_token uuid, p_enabled text[], p_room integer, p_scan integer)
RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_cursor webhook_cursors;
    v_last   bigint;
BEGIN
    SELECT * INTO v_cursor FROM webhook_cursors c
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint AND c.taken_by = p_token AND c.replay_next IS NOT NULL
    FOR UPDATE;
    IF NOT found THEN
        RETURN false;
    END IF;
    PERFORM 1 FROM webhook_endpoints e WHERE e.service_id = p_service_id AND e.id = p_endpoint FOR KEY SHARE;
    WITH page AS MATERIALIZED (
        SELECT m.number, m.type, m.dialect FROM merchant_events m
        WHERE m.service_id = p_service_id AND m.merchant = v_cursor.merchant AND m.number BETWEEN v_cursor.replay_next AND v_cursor.replay_to
        ORDER BY m.number
        LIMIT p_scan
    ), wanted AS MATERIALIZED (
        SELECT p.number FROM page p WHERE webhook_wants(p_enabled, p.type, p.dialect) ORDER BY p.number LIMIT p_room
    ), made AS (
        INSERT INTO webhook_retries AS r (service_id, endpoint, number, attempt, due_at)
        SELECT p_service_id, p_endpoint, w.number, 0, clock_timestamp() FROM wanted w
        ON CONFLICT (service_id, endpoint, number) DO UPDATE
        SET due_at = excluded.due_at, first_failed_at = NULL, changed_at = clock_timestamp())
    SELECT CASE WHEN (SELECT count(*) FROM wanted) = p_room THEN (SELECT max(w.number) FROM wanted w) ELSE max(p.number) END
    INTO v_last FROM page p;
    UPDATE webhook_cursors c
    SET replay_next = CASE WHEN v_last < c.replay_to THEN v_last + 1 END, replay_to = CASE WHEN v_last < c.replay_to THEN c.replay_to END
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint;
    RETURN v_last < v_cursor.replay_to;
END
$$;

-- Has an event sent once more, soon. It is tried as any other then.
CREATE FUNCTION webhook_redeliver(p_service_id text, p_merchant text, p_endpoint text, p_number bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE webhook_cursors c SET wake_at = greatest(clock_timestamp(), c.taken_until, c.open_until, c.paused_until)
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint AND c.merchant = p_merchant;
    IF NOT found THEN
        RETURN false;
    END IF;
    INSERT INTO webhook_retries AS r (service_id, endpoint, number, attempt, due_at)
    VALUES (p_service_id, p_endpoint, p_number, 0, clock_timestamp())
    ON CONFLICT (service_id, endpoint, number) DO UPDATE
    SET due_at = clock_timestamp(), first_failed_at = NULL, changed_at = clock_timestamp();
    RETURN true;
END
$$;

-- Has all from a number on sent again that there is by now, and what else is being sent again no less; says how many these are. Null where
-- the endpoint is disabled.
CREATE FUNCTION webhook_replay(p_service_id text, p_merchant text, p_endpoint text, p_from bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_last bigint;
BEGIN
    SELECT c.number INTO v_last FROM webhook_cursors c
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint AND c.merchant = p_merchant FOR UPDATE;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    SELECT least(v_last, coalesce(max(h.number), 0)) INTO v_last
    FROM merchant_event_heads h WHERE h.service_id = p_service_id AND h.merchant = p_merchant;
    IF p_from > v_last THEN
        RETURN 0;
    END IF;
    UPDATE webhook_cursors c
    SET replay_next = least(c.replay_next, p_from), replay_to = greatest(c.replay_to, v_last),
        wake_at = greatest(clock_timestamp(), c.taken_until, c.open_until, c.paused_until)
    WHERE c.service_id = p_service_id AND c.endpoint = p_endpoint;
    RETURN v_last - p_from + 1;
END
$$;

-- Merchants who are to be told that an endpoint of theirs was disabled. Each is due again after p_pause unless it is written.
CREATE FUNCTION webhook_notices_take(p_service_id text, p_limit integer, p_pause interval)
RETURNS TABLE (endpoint text, merchant text, reason text)
LANGUAGE sql AS $$
    UPDATE webhook_endpoints e SET notice_due_at = clock_timestamp() + p_pause
    WHERE e.service_id = p_service_id AND e.id IN (
        SELECT n.id FROM webhook_endpoints n
        WHERE n.service_id = p_service_id AND n.notice IS NOT NULL AND n.notice_due_at <= clock_timestamp()
        ORDER BY n.notice_due_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED)
    RETURNING e.id, e.merchant, e.notice
$$;

-- Writes messages to a merchant about an endpoint, once; none where he has no address.
CREATE FUNCTION webhook_notice_write(
    p_service_id text, p_endpoint text, p_ids text[], p_sealed bytea[], p_due_at timestamptz, p_expires_at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE webhook_endpoints e SET notice = NULL, notice_due_at = NULL
    WHERE e.service_id = p_service_id AND e.id = p_endpoint AND e.notice IS NOT NULL;
    IF NOT found THEN
        RETURN false;
    END IF;
    INSERT INTO identity.messages (id, channel, bulk, sealed, due_at, expires_at)
    SELECT m.id, 'email', false, m.sealed, p_due_at, p_expires_at FROM unnest(p_ids, p_sealed) AS m (id, sealed);
    RETURN true;
END
$$;

-- How it stands, for the gauges.
CREATE FUNCTION webhook_standing(p_service_id text) RETURNS TABLE (open bigint, failing bigint, backlog bigint, retries bigint)
LANGUAGE sql STABLE AS $$
    SELECT count(*) FILTER (WHERE c.open_until IS NOT NULL), count(*) FILTER (WHERE c.failures > 0),
           coalesce(sum(h.number - c.number) FILTER (WHERE h.number > c.number), 0)::bigint,
           (SELECT count(*) FROM webhook_retries r WHERE r.service_id = p_service_id AND r.due_at IS NOT NULL)
    FROM webhook_cursors c
    LEFT JOIN merchant_event_heads h ON h.service_id = c.service_id AND h.merchant = c.merchant
    WHERE c.service_id = p_service_id
$$;
