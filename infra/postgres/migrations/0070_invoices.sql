-- Merchants' invoices. What is decided of one is decided in a transaction that holds its row. docs/decisions/0070-invoices.md.

CREATE TABLE invoices (
    service_id       text        NOT NULL,
    id               text        NOT NULL,
    merchant         text        NOT NULL,
    -- For pages of a list: ids of two processes are in no order.
    place            bigint      GENERATED ALWAYS AS IDENTITY,
    status           text        NOT NULL DEFAULT 'draft',
    -- The how manieth of its merchant's it is, and how that is written; null for a draft.
    sequence         integer,
    number           text,
    -- For how much, in what, and within how many days of its finalization.
    terms            jsonb       NOT NULL,
    -- A keyed hash of the customer's e-mail address, by which it is looked for; null without one.
    customer         text,
    -- What is said of it and whom it is for, encrypted under the merchant's key; null for nothing.
    details          text,
    created_at       timestamptz NOT NULL,
    due_at           timestamptz,
    finalized_at     timestamptz,
    paid_at          timestamptz,
    voided_at        timestamptz,
    uncollectible_at timestamptz,
    -- When it was last mailed to the customer, and how often it was.
    sent_at          timestamptz,
    sends            integer     NOT NULL DEFAULT 0,
    -- Whether it was told that it is overdue, which happens once.
    overdue_told     boolean     NOT NULL DEFAULT false,
    -- The session that paid it.
    paid_by          text,
    -- The session of it whose late payment is about to be accepted, and since when: nothing else becomes of it before that is known.
    accepting        text,
    accepting_at     timestamptz,
    -- How many sessions were opened for it on a day.
    opened_on        date,
    opened           integer     NOT NULL DEFAULT 0,
    -- How often it has changed: the count of its events.
    revision         bigint      NOT NULL DEFAULT 1,
    CONSTRAINT invoices_pkey PRIMARY KEY (service_id, id),
    -- Whatever is wrong with what gives them: no number twice.
    CONSTRAINT invoices_sequence UNIQUE (service_id, merchant, sequence),
    CONSTRAINT invoices_number UNIQUE (service_id, merchant, number),
    CONSTRAINT invoices_status_known CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
    CONSTRAINT invoices_numbered CHECK ((status = 'draft') = (sequence IS NULL) AND (sequence IS NULL) = (number IS NULL)),
    CONSTRAINT invoices_dated CHECK (
        (status = 'draft') = (finalized_at IS NULL) AND (status = 'paid') = (paid_at IS NOT NULL)
        AND (status = 'void') = (voided_at IS NOT NULL) AND (status = 'uncollectible') = (uncollectible_at IS NOT NULL)),
    CONSTRAINT invoices_due CHECK (status = 'draft' OR due_at IS NOT NULL),
    CONSTRAINT invoices_paid_by CHECK ((status = 'paid') = (paid_by IS NOT NULL)),
    CONSTRAINT invoices_accepting_form CHECK (accepting ~ '^pay_[0-9a-z]{24} [0-9]+-[0-9]+ [0-9a-f]{32}$'),
    CONSTRAINT invoices_accepting CHECK ((accepting IS NULL) = (accepting_at IS NULL) AND (accepting IS NULL OR status = 'open'))
) WITH (fillfactor = 80);

-- A page of a merchant's.
CREATE INDEX invoices_merchant ON invoices (service_id, merchant, place);

-- Those of a time.
CREATE INDEX invoices_created ON invoices (service_id, merchant, created_at);

-- A page of a merchant's with a status, and how many of his can still be paid.
CREATE INDEX invoices_status ON invoices (service_id, merchant, status, place);

-- A page of a customer's.
CREATE INDEX invoices_customer ON invoices (service_id, merchant, customer, place) WHERE customer IS NOT NULL;

-- What is to be told that it is overdue: never many that are due.
CREATE INDEX invoices_overdue ON invoices (service_id, due_at) WHERE status = 'open' AND NOT overdue_told;

-- What is to be accepted, for whoever does the rest where a front door died: never many.
CREATE INDEX invoices_accepting ON invoices (service_id, accepting_at) WHERE accepting IS NOT NULL;

-- Which sessions were made for an invoice, whatever became of them: what comes late for one may pay the invoice, and nothing else that says
-- it is for it.
CREATE TABLE invoice_sessions (
    service_id text NOT NULL,
    session    text NOT NULL,
    invoice    text NOT NULL,
    CONSTRAINT invoice_sessions_pkey PRIMARY KEY (service_id, session)
);

-- How far a merchant's numbers go, and how many he made on a day.
CREATE TABLE invoice_books (
    service_id text    NOT NULL,
    merchant   text    NOT NULL,
    -- What his numbers begin with: as it was with the first of them, for ever.
    prefix     text,
    last       integer NOT NULL DEFAULT 0,
    made_on    date,
    made       integer NOT NULL DEFAULT 0,
    CONSTRAINT invoice_books_pkey PRIMARY KEY (service_id, merchant)
) WITH (fillfactor = 70);

-- invoice.* move no money, for what pays an invoice is a session; and they are Stripe's.
INSERT INTO merchant_event_families (family, dialect) VALUES ('invoice', 'stripe');
INSERT INTO journal_silent (event_type) VALUES ('invoice.');

-- A session of an invoice is a piece of it (0063), of which there is one: whatever is wrong with what takes it, no invoice has two sessions
-- at once that can be paid. No query of links' names this index's condition.
CREATE UNIQUE INDEX payment_link_pieces_invoice ON payment_link_pieces (service_id, link)
WHERE left(link, 3) = 'in_' AND status IN ('taken', 'made', 'paid');

-- The session for which an invoice is held and which is stored, of which there is one at most. By two indexes, each named by its condition:
-- no other one begins with a link, and of all pieces there are very many.
CREATE FUNCTION invoice_session(p_service_id text, p_invoice text) RETURNS TABLE (session text)
LANGUAGE sql STABLE AS $$
    SELECT p.session FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.link = p_invoice AND left(p.link, 3) = 'in_' AND p.status IN ('taken', 'made', 'paid')
      AND p.status <> 'taken'
    UNION ALL
    SELECT p.session FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.link = p_invoice AND p.status = 'ended'
$$;

-- Adds one and tells it, an outbox of one event: added; or why not: too_many can be paid still, or too_many_today were made.
CREATE FUNCTION invoice_add(
    p_service_id text, p_id text, p_merchant text, p_terms jsonb, p_customer text, p_details text, p_now timestamptz, p_due_at timestamptz,
    p_most integer, p_most_a_day integer, p_outbox jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_book invoice_books;
    v_day  date := (p_now AT TIME ZONE 'UTC')::date;
BEGIN
    INSERT INTO invoice_books (service_id, merchant) VALUES (p_service_id, p_merchant) ON CONFLICT DO NOTHING;
    -- One at a time for a merchant: two that count at once would both find room.
    SELECT * INTO v_book FROM invoice_books b WHERE b.service_id = p_service_id AND b.merchant = p_merchant FOR UPDATE;
    IF v_book.made_on = v_day AND v_book.made >= p_most_a_day THEN
        RETURN 'too_many_today';
    ELSIF (SELECT count(*) FROM invoices i
           WHERE i.service_id = p_service_id AND i.merchant = p_merchant AND i.status IN ('draft', 'open')) >= p_most THEN
        RETURN 'too_many';
    END IF;
    UPDATE invoice_books b SET made_on = v_day, made = CASE WHEN b.made_on = v_day THEN b.made + 1 ELSE 1 END
    WHERE b.service_id = p_service_id AND b.merchant = p_merchant;
    INSERT INTO invoices (service_id, id, merchant, terms, customer, details, created_at, due_at)
    VALUES (p_service_id, p_id, p_merchant, p_terms, p_customer, p_details, p_now, p_due_at);
    PERFORM events_append(p_service_id, p_outbox);
    RETURN 'added';
END
$$;

-- Gives a merchant's next number, in the transaction that finalizes the invoice: where that comes to nothing, so does the number, and
-- whoever waits for this row is given it. So there is no gap.
CREATE FUNCTION invoice_number(p_service_id text, p_merchant text, p_prefix text, OUT prefix text, OUT sequence integer)
LANGUAGE sql AS $$
    INSERT INTO invoice_books AS b (service_id, merchant, prefix, last) VALUES (p_service_id, p_merchant, p_prefix, 1)
    ON CONFLICT (service_id, merchant) DO UPDATE SET prefix = coalesce(b.prefix, excluded.prefix), last = b.last + 1
    RETURNING b.prefix, b.last
$$;

-- Takes an invoice for a session that is about to be made: taken; or why not: begun (another's session is being made, or a late payment accepted), made (there is one
-- that can be paid), paid, too_many (so many were opened today), else what has become of the invoice. With the session that is in the way.
-- Who waits too long for others is told by lock_not_available.
CREATE FUNCTION invoice_take(
    p_service_id text, p_invoice text, p_session text, p_most_a_day integer, p_now timestamptz, p_lost interval,
    OUT answer text, OUT session text)
LANGUAGE plpgsql
SET lock_timeout = '2s' AS $$
DECLARE
    v_invoice invoices;
    v_day     date := (p_now AT TIME ZONE 'UTC')::date;
BEGIN
    SELECT * INTO v_invoice FROM invoices i WHERE i.service_id = p_service_id AND i.id = p_invoice FOR UPDATE;
    IF v_invoice.id IS NULL OR v_invoice.status <> 'open' THEN
        answer := coalesce(v_invoice.status, 'draft');
        RETURN;
    ELSIF v_invoice.accepting IS NOT NULL THEN
        answer := 'begun';
        RETURN;
    END IF;
    -- A front door was killed before it asked for the session: should it stand still instead, the session is not stored (SP007).
    UPDATE payment_link_pieces p SET status = 'gone'
    WHERE p.service_id = p_service_id AND p.link = p_invoice AND p.status = 'taken' AND p.taken_at < now() - p_lost;
    SELECT CASE p.status WHEN 'taken' THEN 'begun' ELSE p.status END, p.session INTO answer, session
    FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.link = p_invoice AND left(p.link, 3) = 'in_' AND p.status IN ('taken', 'made', 'paid');
    IF FOUND THEN
        RETURN;
    ELSIF v_invoice.opened_on = v_day AND v_invoice.opened >= p_most_a_day THEN
        answer := 'too_many';
        RETURN;
    END IF;
    UPDATE invoices i SET opened_on = v_day, opened = CASE WHEN i.opened_on = v_day THEN i.opened + 1 ELSE 1 END
    WHERE i.service_id = p_service_id AND i.id = p_invoice;
    INSERT INTO payment_link_pieces (service_id, session, link, holder, site) VALUES (p_service_id, p_session, p_invoice, '', '');
    INSERT INTO invoice_sessions (service_id, session, invoice) VALUES (p_service_id, p_session, p_invoice);
    answer := 'taken';
END
$$;

-- Invoices that have something to take in: a session of theirs is paid or has ended, or was never made.
CREATE FUNCTION invoice_unsettled(p_service_id text, p_lost interval, p_most integer) RETURNS TABLE (invoice text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT p.link
    FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND left(p.link, 3) = 'in_' AND p.status IN ('taken', 'paid', 'ended')
      AND (p.status <> 'taken' OR p.taken_at < now() - p_lost)
    LIMIT p_most
$$;

-- Gives an invoice back whose session was refused and is not made: it is not counted as opened.
CREATE FUNCTION invoice_give_back(p_service_id text, p_invoice text, p_session text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM invoices i WHERE i.service_id = p_service_id AND i.id = p_invoice FOR UPDATE;
    DELETE FROM payment_link_pieces p
    WHERE p.service_id = p_service_id AND p.session = p_session AND p.link = p_invoice AND p.status = 'taken';
    IF FOUND THEN
        DELETE FROM invoice_sessions s WHERE s.service_id = p_service_id AND s.session = p_session;
        UPDATE invoices i SET opened = greatest(i.opened - 1, 0) WHERE i.service_id = p_service_id AND i.id = p_invoice;
    END IF;
END
$$;
