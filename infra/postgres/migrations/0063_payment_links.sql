-- Merchants' payment links, and their unpaid sessions, each of which holds a piece. Invoices' (0070) do, too. docs/decisions/0061-payment-links.md.

CREATE TABLE payment_links (
    service_id text        NOT NULL,
    id         text        NOT NULL,
    merchant   text        NOT NULL,
    number     bigint      GENERATED ALWAYS AS IDENTITY,
    slug       text        NOT NULL,
    active     boolean     NOT NULL DEFAULT true,
    -- What is sold and for how much; never changed.
    terms      jsonb       NOT NULL,
    metadata   jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    -- By business time; null for one without an end.
    expires_at timestamptz,
    -- Null for one that never runs out.
    stock      integer,
    -- Pieces of unpaid sessions: as many as there are rows in payment_link_pieces, but for those that are gone.
    held       integer     NOT NULL DEFAULT 0,
    sold       integer     NOT NULL DEFAULT 0,
    -- How often its merchant has made or changed it: the count of its events.
    revision   bigint      NOT NULL DEFAULT 1,
    CONSTRAINT payment_links_pkey PRIMARY KEY (service_id, id),
    CONSTRAINT payment_links_slug UNIQUE (service_id, slug),
    -- Whatever is wrong with what counts them: no piece is promised twice.
    CONSTRAINT payment_links_stock CHECK (held >= 0 AND sold >= 0 AND (stock IS NULL OR held + sold <= stock))
);

-- payment_link.created and .updated move no money, and are Stripe's.
INSERT INTO merchant_event_families (family, dialect) VALUES ('payment_link', 'stripe');
INSERT INTO journal_silent (event_type) VALUES ('payment_link.');

-- A page of a merchant's.
CREATE INDEX payment_links_merchant ON payment_links (service_id, merchant, number);

CREATE TABLE payment_link_pieces (
    service_id text        NOT NULL,
    session    text        NOT NULL,
    link       text        NOT NULL,
    -- Who took it, and what he has at least besides: keyed hashes of his address, another for each link, and of the network around it,
    -- another for each merchant.
    holder     text        NOT NULL,
    site       text        NOT NULL,
    taken_at   timestamptz NOT NULL DEFAULT now(),
    -- Taken before its session is made. Paid or ended with its session, and then counted. Gone where that was not made in time: it is
    -- somebody else's by now, and no session of that id is ever stored.
    status     text        NOT NULL DEFAULT 'taken',
    CONSTRAINT payment_link_pieces_pkey PRIMARY KEY (service_id, session),
    CONSTRAINT payment_link_pieces_status_known CHECK (status IN ('taken', 'made', 'paid', 'ended', 'gone'))
) WITH (fillfactor = 80);

-- What a network holds of a link, and who of it. No other index begins with the link and has these: one could be taken for the other.
CREATE INDEX payment_link_pieces_site ON payment_link_pieces (service_id, link, site) WHERE status IN ('taken', 'made');

-- What a network holds of a merchant's links together, whose hash is in no other merchant's.
CREATE INDEX payment_link_pieces_network ON payment_link_pieces (service_id, site) WHERE status IN ('taken', 'made');

-- What is to be counted, or may be lost: never many.
CREATE INDEX payment_link_pieces_settle ON payment_link_pieces (service_id, link) WHERE status IN ('taken', 'paid', 'ended');

-- What is gone, for its removal.
CREATE INDEX payment_link_pieces_gone ON payment_link_pieces (taken_at) WHERE status = 'gone';

-- A session's piece goes with it, in the statement that stores it. Where the piece is gone the session is not stored: what was taken for it
-- has been promised to another.
CREATE FUNCTION payment_link_piece_follow() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_status text;
BEGIN
    SELECT p.status INTO v_status FROM payment_link_pieces p
    WHERE p.service_id = NEW.service_id AND p.session = NEW.id FOR UPDATE;
    IF v_status IS NULL THEN
        RETURN NULL;
    END IF;
    IF v_status = 'gone' THEN
        IF TG_OP = 'INSERT' THEN
            RAISE EXCEPTION 'the piece of session % is gone', NEW.id USING ERRCODE = 'SP007';
        END IF;
        RETURN NULL;
    END IF;
    UPDATE payment_link_pieces p
    SET status = CASE NEW.status WHEN 'Paid' THEN 'paid' WHEN 'Expired' THEN 'ended' WHEN 'Canceled' THEN 'ended' ELSE 'made' END
    WHERE p.service_id = NEW.service_id AND p.session = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER payment_link_piece_made AFTER INSERT ON object_lists
FOR EACH ROW WHEN (NEW.kind = 'payment_session') EXECUTE FUNCTION payment_link_piece_follow();

CREATE TRIGGER payment_link_piece_ended AFTER UPDATE OF status ON object_lists
FOR EACH ROW WHEN (NEW.kind = 'payment_session' AND NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION payment_link_piece_follow();

-- Adds one and tells it, an outbox of one event; false where its merchant has as many as he may.
CREATE FUNCTION payment_link_add(
    p_service_id text, p_id text, p_merchant text, p_slug text, p_terms jsonb, p_metadata jsonb, p_now timestamptz, p_expires_at timestamptz,
    p_stock integer, p_most integer, p_outbox jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time for a merchant: two that count at once would both find room.
    PERFORM pg_advisory_xact_lock(hashtext('payment_link_add'), hashtext(p_merchant));
    IF (SELECT count(*) FROM payment_links l WHERE l.service_id = p_service_id AND l.merchant = p_merchant) >= p_most THEN
        RETURN false;
    END IF;
    INSERT INTO payment_links (service_id, id, merchant, slug, terms, metadata, created_at, expires_at, stock)
    VALUES (p_service_id, p_id, p_merchant, p_slug, p_terms, p_metadata, p_now, p_expires_at, p_stock);
    PERFORM events_append(p_service_id, p_outbox);
    RETURN true;
END
$$;

-- Links that have something to be counted. Pieces of invoices (0070) are taken in by theirs.
CREATE FUNCTION payment_link_unsettled(p_service_id text, p_lost interval, p_most integer) RETURNS TABLE (link text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT p.link
    FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.status IN ('taken', 'paid', 'ended') AND (p.status <> 'taken' OR p.taken_at < now() - p_lost)
      AND left(p.link, 3) <> 'in_'
    LIMIT p_most
$$;

-- Counts pieces of a link whose session has ended, as sold, or as there again; and those whose session was not made in time. How many those
-- were, p_most at once. The link is locked before its pieces are, here as where one is taken, so that nobody waits for somebody who waits
-- for him; a piece whose session is being stored right now is left.
CREATE FUNCTION payment_link_settle(p_service_id text, p_link text, p_lost interval, p_most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_pieces integer;
    v_sold   integer;
BEGIN
    PERFORM FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link FOR UPDATE;
    WITH ended AS MATERIALIZED (
        SELECT p.session, p.status FROM payment_link_pieces p
        WHERE p.service_id = p_service_id AND p.link = p_link AND p.status IN ('taken', 'paid', 'ended')
          AND (p.status <> 'taken' OR p.taken_at < now() - p_lost)
        LIMIT p_most
        FOR UPDATE SKIP LOCKED
    ), fenced AS (
        UPDATE payment_link_pieces p SET status = 'gone' FROM ended e
        WHERE e.status = 'taken' AND p.service_id = p_service_id AND p.session = e.session
    ), counted AS (
        DELETE FROM payment_link_pieces p USING ended e
        WHERE e.status <> 'taken' AND p.service_id = p_service_id AND p.session = e.session
    )
    SELECT count(*), count(*) FILTER (WHERE e.status = 'paid') INTO v_pieces, v_sold FROM ended e;
    UPDATE payment_links l SET held = l.held - v_pieces, sold = l.sold + v_sold
    WHERE v_pieces > 0 AND l.service_id = p_service_id AND l.id = p_link;
    RETURN v_pieces;
END
$$;

-- Takes a piece for a session that is about to be made: taken, or why not: inactive, over, sold_out, too_many (he or his network has as
-- many unpaid as he may), busy (all of them together, or others are in the way just now). One at a time for a link. Of a stock nobody, and
-- no network, holds more than a tenth unpaid; of any link, and of a merchant's together, no network takes when it holds a twentieth of what
-- is left there, so that whoever fills it needs a network for each of the last places, and who comes from another one finds one. What a
-- session of it gave back is there again at once, whether or not anybody has swept.
CREATE FUNCTION payment_link_take(
    p_service_id text, p_link text, p_session text, p_holder text, p_site text, p_most_of_holder integer, p_most_of_site integer,
    p_most_of_link integer, p_most_of_merchant integer, p_now timestamptz, p_lost interval) RETURNS text
LANGUAGE plpgsql
SET lock_timeout = '500ms' AS $$
DECLARE
    v_link payment_links;
    v_mine integer;
    v_site integer;
    v_all  bigint;
    v_left bigint;
BEGIN
    SELECT * INTO v_link FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link;
    IF v_link.id IS NULL OR NOT v_link.active THEN
        RETURN 'inactive';
    ELSIF v_link.expires_at <= p_now THEN
        RETURN 'over';
    END IF;

    LOOP
        v_mine := payment_link_settle(p_service_id, p_link, p_lost, 100);
        -- Locked by now: what is read is what is there.
        SELECT * INTO v_link FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link;
        EXIT WHEN v_mine < 100 OR (v_link.held < p_most_of_link AND (v_link.stock IS NULL OR v_link.held + v_link.sold < v_link.stock));
    END LOOP;
    IF NOT v_link.active THEN
        RETURN 'inactive';
    ELSIF v_link.held + v_link.sold >= v_link.stock THEN
        RETURN 'sold_out';
    END IF;

    SELECT count(*), count(*) FILTER (WHERE p.holder = p_holder) INTO v_site, v_mine FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.link = p_link AND p.site = p_site AND p.status IN ('taken', 'made');
    SELECT p_most_of_merchant - sum(l.held) INTO v_left
    FROM payment_links l WHERE l.service_id = p_service_id AND l.merchant = v_link.merchant;
    -- No further than it has as much as it may.
    SELECT count(*) INTO v_all FROM (
        SELECT FROM payment_link_pieces p
        WHERE p.service_id = p_service_id AND p.site = p_site AND p.status IN ('taken', 'made')
        LIMIT greatest(1, v_left / 20)) a;
    -- A link without a stock runs out for nobody: many people of one address may give at once.
    IF v_all >= greatest(1, v_left / 20) OR v_site >= greatest(1, least(p_most_of_site, (p_most_of_link - v_link.held) / 20))
        OR (v_link.stock IS NOT NULL AND (v_site >= greatest(1, v_link.stock / 10) OR v_mine >= least(p_most_of_holder, greatest(1, v_link.stock / 10))))
    THEN
        RETURN 'too_many';
    ELSIF v_left <= 0 OR v_link.held >= p_most_of_link THEN
        RETURN 'busy';
    END IF;

    INSERT INTO payment_link_pieces (service_id, session, link, holder, site) VALUES (p_service_id, p_session, p_link, p_holder, p_site);
    UPDATE payment_links l SET held = l.held + 1 WHERE l.service_id = p_service_id AND l.id = p_link;
    RETURN 'taken';
EXCEPTION WHEN lock_not_available THEN
    RETURN 'busy';
END
$$;

-- Gives a piece back whose session was refused and is not made.
CREATE FUNCTION payment_link_give_back(p_service_id text, p_link text, p_session text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link FOR UPDATE;
    WITH gone AS (
        DELETE FROM payment_link_pieces p
        WHERE p.service_id = p_service_id AND p.session = p_session AND p.link = p_link AND p.status = 'taken'
        RETURNING p.link
    )
    UPDATE payment_links l SET held = l.held - 1 FROM gone g WHERE l.service_id = p_service_id AND l.id = g.link;
END
$$;

-- Forgets pieces that are gone: who has stood still for as long as that does not go on.
CREATE FUNCTION payment_link_forget(p_service_id text, p_older interval, p_most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_count integer;
BEGIN
    DELETE FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.status = 'gone' AND p.session IN (
        SELECT g.session FROM payment_link_pieces g
        WHERE g.service_id = p_service_id AND g.status = 'gone' AND g.taken_at < now() - p_older
        ORDER BY g.taken_at
        LIMIT p_most);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END
$$;
