-- Merchants' payment links, and the pieces of those that have a stock which unpaid sessions hold. docs/decisions/0061-payment-links.md.

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
    -- Null for one that never runs out: neither held nor sold is counted then.
    stock      integer,
    -- Pieces of unpaid sessions: as many as there are rows in payment_link_pieces.
    held       integer     NOT NULL DEFAULT 0,
    sold       integer     NOT NULL DEFAULT 0,
    CONSTRAINT payment_links_pkey PRIMARY KEY (service_id, id),
    CONSTRAINT payment_links_slug UNIQUE (service_id, slug),
    -- Whatever is wrong with what counts them: no piece is promised twice.
    CONSTRAINT payment_links_stock CHECK (held >= 0 AND sold >= 0 AND (stock IS NULL OR held + sold <= stock))
);

-- A page of a merchant's.
CREATE INDEX payment_links_merchant ON payment_links (service_id, merchant, number);

CREATE TABLE payment_link_pieces (
    service_id text        NOT NULL,
    session    text        NOT NULL,
    link       text        NOT NULL,
    -- Who took it: a keyed hash of his address.
    holder     text        NOT NULL,
    taken_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payment_link_pieces_pkey PRIMARY KEY (service_id, session)
);

CREATE INDEX payment_link_pieces_link ON payment_link_pieces (service_id, link, holder);

-- Adds one; false where its merchant has as many as he may.
CREATE FUNCTION payment_link_add(
    p_service_id text, p_id text, p_merchant text, p_slug text, p_terms jsonb, p_metadata jsonb, p_now timestamptz, p_expires_at timestamptz,
    p_stock integer, p_most integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    -- One at a time for a merchant: two that count at once would both find room.
    PERFORM pg_advisory_xact_lock(hashtext('payment_link_add'), hashtext(p_merchant));
    IF (SELECT count(*) FROM payment_links l WHERE l.service_id = p_service_id AND l.merchant = p_merchant) >= p_most THEN
        RETURN false;
    END IF;
    INSERT INTO payment_links (service_id, id, merchant, slug, terms, metadata, created_at, expires_at, stock)
    VALUES (p_service_id, p_id, p_merchant, p_slug, p_terms, p_metadata, p_now, p_expires_at, p_stock);
    RETURN true;
END
$$;

-- Pieces whose session has ended, or was never made though there was time for it. The status is written with the session itself.
CREATE FUNCTION payment_link_ended(p_service_id text, p_link text, p_lost interval)
RETURNS TABLE (session text, link text, is_sold boolean)
LANGUAGE sql STABLE AS $$
    SELECT p.session, p.link, coalesce(o.status = 'Paid', false)
    FROM payment_link_pieces p
    LEFT JOIN object_lists o ON o.service_id = p.service_id AND o.kind = 'payment_session' AND o.id = p.session
    WHERE p.service_id = p_service_id AND (p_link IS NULL OR p.link = p_link)
      AND (o.status IN ('Paid', 'Expired', 'Canceled') OR (o.id IS NULL AND p.taken_at < now() - p_lost))
$$;

-- Counts the pieces of a link whose session has ended: as sold, or as there again. How many those were. The link is locked before its
-- pieces are, here as where one is taken, so that nobody waits for somebody who waits for him.
CREATE FUNCTION payment_link_settle(p_service_id text, p_link text, p_lost interval) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_gone integer;
BEGIN
    PERFORM FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link FOR UPDATE;
    WITH ended AS (
        SELECT e.session, e.is_sold FROM payment_link_ended(p_service_id, p_link, p_lost) e
    ), gone AS (
        DELETE FROM payment_link_pieces p USING ended e
        WHERE p.service_id = p_service_id AND p.session = e.session
        RETURNING e.is_sold
    ), counted AS (
        SELECT count(*)::integer AS pieces, (count(*) FILTER (WHERE g.is_sold))::integer AS sold FROM gone g
    ), changed AS (
        UPDATE payment_links l SET held = l.held - c.pieces, sold = l.sold + c.sold
        FROM counted c
        WHERE c.pieces > 0 AND l.service_id = p_service_id AND l.id = p_link
    )
    SELECT c.pieces INTO v_gone FROM counted c;
    RETURN v_gone;
END
$$;

-- Takes a piece for a session that is about to be made: taken, or why not: inactive, over, sold_out, too_many. One at a time for a link.
-- What a session of it gave back is there again at once, whether or not anybody has swept.
CREATE FUNCTION payment_link_take(
    p_service_id text, p_link text, p_session text, p_holder text, p_most integer, p_now timestamptz, p_lost interval) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_link payment_links;
    v_mine integer;
BEGIN
    SELECT * INTO v_link FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link;
    IF v_link.id IS NULL OR NOT v_link.active THEN
        RETURN 'inactive';
    ELSIF v_link.expires_at <= p_now THEN
        RETURN 'over';
    ELSIF v_link.stock IS NULL THEN
        RETURN 'taken';
    END IF;

    PERFORM payment_link_settle(p_service_id, p_link, p_lost);
    -- Locked by now: what is read is what is there.
    SELECT * INTO v_link FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link;
    SELECT count(*) INTO v_mine FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.link = p_link AND p.holder = p_holder;
    IF NOT v_link.active THEN
        RETURN 'inactive';
    ELSIF v_link.held + v_link.sold >= v_link.stock THEN
        RETURN 'sold_out';
    ELSIF v_mine >= p_most THEN
        RETURN 'too_many';
    END IF;

    INSERT INTO payment_link_pieces (service_id, session, link, holder) VALUES (p_service_id, p_session, p_link, p_holder);
    UPDATE payment_links l SET held = l.held + 1 WHERE l.service_id = p_service_id AND l.id = p_link;
    RETURN 'taken';
END
$$;

-- Gives a piece back whose session was refused and is not made.
CREATE FUNCTION payment_link_give_back(p_service_id text, p_link text, p_session text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM payment_links l WHERE l.service_id = p_service_id AND l.id = p_link FOR UPDATE;
    WITH gone AS (
        DELETE FROM payment_link_pieces p WHERE p.service_id = p_service_id AND p.session = p_session AND p.link = p_link RETURNING p.link
    )
    UPDATE payment_links l SET held = l.held - 1 FROM gone g WHERE l.service_id = p_service_id AND l.id = g.link;
END
$$;
