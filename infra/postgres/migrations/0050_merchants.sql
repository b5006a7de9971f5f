-- Businesses that are paid: who is of them, and by which keys their programs come in. What they are called, where they are reached and what
-- they are registered as is encrypted by field under each merchant's own data key (0033).
--
-- Locks in the order of 0015: the user who asks, his session, then the merchant's row, and only then his people and keys. Whoever changes
-- something of a merchant holds his row, so that of two changes at once the second sees the first.
CREATE SCHEMA merchants;

CREATE TABLE merchants.merchants (
    id                   text        NOT NULL,
    -- Who registered it; he may have left since.
    created_by           text        NOT NULL,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    -- Whether payments were real where it was registered. A deployment is one network: where it is another there is no such merchant.
    live                 boolean     NOT NULL,
    country              text        NOT NULL,
    business_type        text,
    brand_color          text,
    -- What its logo's file is called, by what is in it.
    logo                 text,
    -- Encrypted.
    business_name        bytea       NOT NULL,
    statement_descriptor bytea       NOT NULL,
    website              bytea,
    registration_number  bytea,
    email                bytea       NOT NULL,
    -- By which an address is compared (0015).
    email_index          bytea       NOT NULL,
    email_confirmed      boolean     NOT NULL,
    approved_at          timestamptz,
    -- When he was active first, which is an event of its own.
    activated_at         timestamptz,
    suspended_at         timestamptz,
    tier                 smallint    NOT NULL DEFAULT 0,
    -- What is done with what comes beyond a payment session's price, and after its end, where nobody decides.
    over_payments        text        NOT NULL DEFAULT 'keep',
    late_payments        text        NOT NULL DEFAULT 'hold',
    -- Whether what keys ask for that moves money must be signed (0066).
    require_signed_requests boolean  NOT NULL DEFAULT false,
    -- How many decisions there were of which his account is told: of administrators, and of his owners on the two above. It takes none that is
    -- older than one that it knows.
    decisions            bigint      NOT NULL DEFAULT 0,
    -- Follows from the facts, so that nothing can say otherwise.
    status               text        NOT NULL GENERATED ALWAYS AS (CASE
        WHEN suspended_at IS NOT NULL THEN 'suspended'
        WHEN email_confirmed AND (NOT live OR approved_at IS NOT NULL) THEN 'active'
        ELSE 'pending'
    END) STORED,
    -- A merchant by his id; and all of them in the order of their registration, for administrators.
    CONSTRAINT merchants_pkey PRIMARY KEY (id),
    CONSTRAINT merchants_id_form CHECK (id ~ '^mer_[0-9a-z]{24}$'),
    CONSTRAINT merchants_country_form CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT merchants_index_is_sha256 CHECK (octet_length(email_index) = 32),
    CONSTRAINT merchants_tier_known CHECK (tier BETWEEN 0 AND 3),
    CONSTRAINT merchants_over_known CHECK (over_payments IN ('keep', 'refund', 'hold')),
    CONSTRAINT merchants_late_known CHECK (late_payments IN ('accept', 'refund', 'hold'))
);

-- How many somebody has registered.
CREATE INDEX merchants_created_by_idx ON merchants.merchants (created_by);

-- Administrators look for those who wait.
CREATE INDEX merchants_pending_idx ON merchants.merchants (id) WHERE status <> 'active';

-- Logos, as they were written anew. Beside the merchants, of whom one reads without.
CREATE TABLE merchants.logos (
    merchant_id text     NOT NULL,
    -- Null where it was taken away.
    name        text,
    png         bytea,
    -- How often it was another one, on which day.
    day         date     NOT NULL,
    changes     smallint NOT NULL,
    CONSTRAINT logos_pkey PRIMARY KEY (merchant_id),
    CONSTRAINT logos_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants.merchants (id) ON DELETE CASCADE,
    CONSTRAINT logos_name_form CHECK (name ~ '^[0-9a-f]{64}$'),
    CONSTRAINT logos_name_of_png CHECK ((name IS NULL) = (png IS NULL))
);

-- A page's logo is asked for by its name. Two businesses may have the same.
CREATE INDEX logos_name_idx ON merchants.logos (name);

CREATE TABLE merchants.people (
    merchant_id text        NOT NULL,
    user_id     text        NOT NULL,
    role        text        NOT NULL,
    since       timestamptz NOT NULL,
    -- The invitation (0052) by which he came, which is no more: a repeat of the request that made it is answered with him. Null for none.
    invitation  text,
    -- What somebody is for a merchant.
    CONSTRAINT people_pkey PRIMARY KEY (merchant_id, user_id),
    CONSTRAINT people_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants.merchants (id) ON DELETE CASCADE,
    -- The last owner is not removed (0043).
    CONSTRAINT people_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT people_role_known CHECK (role IN ('owner', 'developer', 'finance', 'viewer'))
);

-- Somebody's merchants, and the cascade.
CREATE INDEX people_user_idx ON merchants.people (user_id);

-- By which programs come in. Of a key the SHA-256 alone is kept: it is 256 random bits, and no slow digest makes it any harder to guess.
CREATE TABLE merchants.api_keys (
    id                text        NOT NULL,
    merchant_id       text        NOT NULL,
    kind              text        NOT NULL,
    name              text        NOT NULL,
    -- What a restricted one may.
    permissions       text[]      NOT NULL,
    -- Networks that it may be used from, and for a publishable one origins of pages; none is all networks, and no page.
    allowed_addresses text[]      NOT NULL,
    allowed_origins   text[]      NOT NULL,
    created_by        text        NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    expires_at        timestamptz,
    revoked_at        timestamptz,
    last_used_at      timestamptz,
    -- When its secret was made, and when its people were told that this is long ago.
    rotated_at        timestamptz NOT NULL,
    reported_at       timestamptz,
    last4             text        NOT NULL,
    -- A key of a merchant's by its id.
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants.merchants (id) ON DELETE CASCADE,
    CONSTRAINT api_keys_kind_known CHECK (kind IN ('publishable', 'secret', 'restricted'))
);

-- A merchant's keys, the newest first.
CREATE INDEX api_keys_merchant_idx ON merchants.api_keys (merchant_id, id DESC);

-- Those whose people are to be told that their secrets are old.
CREATE INDEX api_keys_report_idx ON merchants.api_keys (rotated_at) WHERE revoked_at IS NULL AND reported_at IS NULL;

-- Pages of merchants: the origins of publishable keys that hold.
CREATE INDEX api_keys_origins_idx ON merchants.api_keys (id) WHERE kind = 'publishable' AND revoked_at IS NULL;

-- What a key is known by. After a rotation the one before holds for a while.
CREATE TABLE merchants.api_key_secrets (
    digest   bytea NOT NULL,
    key_id   text  NOT NULL,
    -- Who was shown it when it was made: he may still know it.
    shown_to text  NOT NULL,
    -- Until when; null for the one that is not replaced.
    until    timestamptz,
    -- What requests by it are signed with, encrypted (0066); of a publishable key there is none.
    signing_secret bytea,
    -- The key that was shown.
    CONSTRAINT api_key_secrets_pkey PRIMARY KEY (digest),
    CONSTRAINT api_key_secrets_key_fkey FOREIGN KEY (key_id) REFERENCES merchants.api_keys (id) ON DELETE CASCADE,
    CONSTRAINT api_key_secrets_digest_is_sha256 CHECK (octet_length(digest) = 32)
);

-- A key's, for a rotation and a revocation.
CREATE INDEX api_key_secrets_key_idx ON merchants.api_key_secrets (key_id);

-- Something happened to a merchant; followed by front doors, which remember keys, and by whoever opens his account.
CREATE FUNCTION merchants.event(
    p_service_id text, p_event_id text, p_type text, p_merchant_id text, p_at timestamptz, p_data jsonb) RETURNS void
LANGUAGE sql AS $$
    SELECT events_append(p_service_id, jsonb_build_array(jsonb_build_object(
        'id', identity.event_id_for(p_event_id, p_type), 'type', 'merchant.' || p_type, 'at', p_at, 'subject', p_merchant_id,
        'data', jsonb_build_object('merchantId', p_merchant_id) || jsonb_strip_nulls(p_data))))
$$;

-- Says that a merchant is active, where that is so for the first time; whatever made it so. Whoever opens his account hangs on it.
CREATE FUNCTION merchants.activate(p_service_id text, p_event_id text, p_merchant_id text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants.merchants m SET activated_at = p_now WHERE m.id = p_merchant_id AND m.status = 'active' AND m.activated_at IS NULL;
    IF found THEN
        PERFORM merchants.event(p_service_id, p_event_id, 'activated', p_merchant_id, p_now, '{}');
    END IF;
END
$$;

-- What changed in who may act for a merchant is told to his owners, as what concerns their safety.
CREATE FUNCTION merchants.tell_owners(
    p_service_id text, p_event_id text, p_type text, p_merchant_id text, p_at timestamptz, p_data jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM identity.security_event(
        p_service_id, identity.event_id_for(p_event_id, p_type || ' ' || p.user_id), p_type, p.user_id, p_at,
        jsonb_build_object('merchantId', p_merchant_id) || p_data)
    FROM (SELECT o.user_id FROM merchants.people o WHERE o.merchant_id = p_merchant_id AND o.role = 'owner' ORDER BY o.user_id) AS p;
END
$$;

-- Changes of what keys and people may and where pages are, after a place; as identity.session_ends_read (0016), and for the same reason.
CREATE FUNCTION merchants.changes_read(p_service_id text, p_xid xid8, p_id bigint, p_limit integer) RETURNS SETOF events
LANGUAGE sql STABLE AS $$
    SELECT e.*
    FROM events e
    -- The first line leaves out the partitions that lie before the place; the second alone would not.
    WHERE e.xid >= p_xid
      AND (e.xid, e.id) > (p_xid, p_id)
      AND e.service_id = p_service_id
      AND e.type IN (
          'merchant.activated', 'merchant.suspended', 'merchant.reinstated', 'merchant.tier_changed',
          'merchant.key_created', 'merchant.key_changed', 'merchant.key_rotated', 'merchant.key_revoked')
    ORDER BY e.xid, e.id
    LIMIT p_limit
$$;

-- Whether a merchant would be without an owner if somebody were removed. Holds his merchants, so that no other owner leaves meanwhile; who
-- is being removed himself is none.
CREATE FUNCTION merchants.is_last_owner(p_user_id text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM merchants.merchants m
    WHERE m.id IN (SELECT p.merchant_id FROM merchants.people p WHERE p.user_id = p_user_id AND p.role = 'owner')
    ORDER BY m.id
    FOR NO KEY UPDATE;
    RETURN EXISTS (
        SELECT FROM merchants.people p
        WHERE p.user_id = p_user_id AND p.role = 'owner' AND merchants.owners_but(p.merchant_id, p_user_id) = 0);
END
$$;

-- How many owners a merchant has but for one.
CREATE FUNCTION merchants.owners_but(p_merchant_id text, p_user_id text) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT count(*)::integer
    FROM merchants.people p JOIN identity.users u ON u.id = p.user_id AND u.erasing_since IS NULL
    WHERE p.merchant_id = p_merchant_id AND p.role = 'owner' AND p.user_id <> p_user_id
$$;

-- Holds a user, his session and a merchant, for a change that those with certain roles may make. ok | session_ended | none (he is nothing
-- to this merchant) | role (he is something else).
CREATE FUNCTION merchants.hold(p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[]) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_role text;
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    PERFORM 1 FROM merchants.merchants m WHERE m.id = p_merchant_id AND m.live = p_live FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    SELECT p.role INTO v_role FROM merchants.people p WHERE p.merchant_id = p_merchant_id AND p.user_id = p_user_id;
    RETURN CASE WHEN v_role IS NULL THEN 'none' WHEN v_role = ANY (p_roles) THEN 'ok' ELSE 'role' END;
END
$$;

-- What somebody who is logged in is for a merchant, and whether he has shown a second factor; no row where he is nothing to it, or the
-- session is no more.
CREATE FUNCTION merchants.person_find(p_merchant_id text, p_live boolean, p_user_id text, p_session_id text)
RETURNS TABLE (role text, status text, tier integer, factor_shown boolean)
LANGUAGE sql STABLE AS $$
    SELECT p.role, m.status, m.tier::integer, u.two_factor_enabled AND s.factor_at IS NOT NULL
    FROM merchants.people p
    JOIN merchants.merchants m ON m.id = p.merchant_id AND m.live = p_live
    JOIN identity.users u ON u.id = p.user_id
    JOIN identity.sessions s ON s.id = p_session_id AND s.user_id = p.user_id AND s.revoked_at IS NULL
    WHERE p.merchant_id = p_merchant_id AND p.user_id = p_user_id
$$;

-- Registers a merchant, whose first owner is who asks. An address that he has confirmed as his own is confirmed; another is by a code.
-- Outcomes: done | session_ended | unconfirmed (he has confirmed nothing) | erasing (he is being erased) | too_many.
CREATE FUNCTION merchants.register(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_id text, p_live boolean, p_country text,
    p_business_type text, p_brand_color text, p_business_name bytea, p_descriptor bytea, p_website bytea, p_registration_number bytea,
    p_email bytea, p_email_index bytea, p_now timestamptz, p_most integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_user identity.users;
BEGIN
    SELECT * INTO v_user FROM identity.users u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    IF NOT (v_user.email_confirmed OR v_user.phone_number_confirmed) THEN
        RETURN 'unconfirmed';
    END IF;
    -- He would leave it without an owner.
    IF v_user.erasing_since IS NOT NULL THEN
        RETURN 'erasing';
    END IF;
    IF (SELECT count(*) FROM merchants.merchants m WHERE m.created_by = p_user_id) >= p_most THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO merchants.merchants (
        id, created_by, created_at, updated_at, live, country, business_type, brand_color, business_name, statement_descriptor, website,
        registration_number, email, email_index, email_confirmed)
    VALUES (
        p_id, p_user_id, p_now, p_now, p_live, p_country, p_business_type, p_brand_color, p_business_name, p_descriptor, p_website,
        p_registration_number, p_email, p_email_index, coalesce(v_user.email_confirmed AND v_user.email_index = p_email_index, false));
    INSERT INTO merchants.people (merchant_id, user_id, role, since) VALUES (p_id, p_user_id, 'owner', p_now);
    PERFORM merchants.event(p_service_id, p_event_id, 'created', p_id, p_now, '{}');
    PERFORM merchants.activate(p_service_id, p_event_id, p_id, p_now);
    RETURN 'done';
END
$$;

-- Changes what is named, {"column": value}; what is encrypted comes in base64. His people alone learn of it, and his account of what is done
-- with payments that are over or late. Whether requests must be signed is told to all owners. Outcomes: done, too_many (logos today), and
-- those of hold.
CREATE FUNCTION merchants.change(
    p_service_id text, p_event_id text, p_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_changes jsonb,
    p_now timestamptz, p_most_logos integer) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held   text := merchants.hold(p_id, p_live, p_user_id, p_session_id, p_roles);
    v_signed boolean := (p_changes ->> 'require_signed_requests')::boolean;
    v_png    bytea := decode(p_changes ->> 'logo', 'base64');
    v_logo   text  := encode(sha256(v_png), 'hex');
    v_day    date  := (p_now AT TIME ZONE 'UTC')::date;
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    IF p_changes ? 'logo' AND v_logo IS DISTINCT FROM (SELECT m.logo FROM merchants.merchants m WHERE m.id = p_id) THEN
        INSERT INTO merchants.logos AS l (merchant_id, name, png, day, changes) VALUES (p_id, v_logo, v_png, v_day, 1)
        ON CONFLICT ON CONSTRAINT logos_pkey DO UPDATE
        SET name = v_logo, png = v_png, day = v_day, changes = CASE WHEN l.day = v_day THEN l.changes + 1 ELSE 1 END
        WHERE l.day <> v_day OR l.changes < p_most_logos;
        IF NOT FOUND THEN
            RETURN 'too_many';
        END IF;
    END IF;
    IF v_signed <> (SELECT m.require_signed_requests FROM merchants.merchants m WHERE m.id = p_id) THEN
        PERFORM merchants.event(
            p_service_id, p_event_id, 'signing_changed', p_id, p_now, jsonb_build_object('required', v_signed, 'by', p_user_id));
        PERFORM merchants.tell_owners(
            p_service_id, p_event_id, CASE WHEN v_signed THEN 'merchant_signing_required' ELSE 'merchant_signing_optional' END, p_id,
            p_now, '{}');
    END IF;
    UPDATE merchants.merchants m
    SET updated_at = p_now,
        logo = CASE WHEN p_changes ? 'logo' THEN v_logo ELSE m.logo END,
        require_signed_requests = coalesce(v_signed, m.require_signed_requests),
        business_type = CASE WHEN p_changes ? 'business_type' THEN p_changes ->> 'business_type' ELSE m.business_type END,
        brand_color = CASE WHEN p_changes ? 'brand_color' THEN p_changes ->> 'brand_color' ELSE m.brand_color END,
        over_payments = coalesce(p_changes ->> 'over_payments', m.over_payments),
        late_payments = coalesce(p_changes ->> 'late_payments', m.late_payments),
        decisions = m.decisions + (p_changes ?| ARRAY['over_payments', 'late_payments'])::integer,
        business_name = coalesce(decode(p_changes ->> 'business_name', 'base64'), m.business_name),
        statement_descriptor = coalesce(decode(p_changes ->> 'statement_descriptor', 'base64'), m.statement_descriptor),
        website = CASE WHEN p_changes ? 'website' THEN decode(p_changes ->> 'website', 'base64') ELSE m.website END,
        registration_number = CASE
            WHEN p_changes ? 'registration_number' THEN decode(p_changes ->> 'registration_number', 'base64')
            ELSE m.registration_number
        END
    WHERE m.id = p_id;
    PERFORM merchants.event(
        p_service_id, p_event_id, 'changed', p_id, p_now,
        jsonb_build_object('overPayments', p_changes ->> 'over_payments', 'latePayments', p_changes ->> 'late_payments'));
    RETURN 'done';
END
$$;

-- Writes a code that confirms a merchant's address, the present one or another, and the message that brings it. Outcomes: sent (until when
-- it holds) | limited (from when on another may be sent) | same (it is his, and confirmed), and those of hold.
CREATE FUNCTION merchants.email_code_send(
    p_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_name bytea, p_key bytea,
    p_offer identity.code_offer, p_account_key bytea, p_most integer, p_window interval, p_now timestamptz)
RETURNS TABLE (outcome text, at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    v_held    text := merchants.hold(p_id, p_live, p_user_id, p_session_id, p_roles);
    v_account record;
    v_code    record;
BEGIN
    IF v_held = 'ok' AND EXISTS (
        SELECT FROM merchants.merchants m WHERE m.id = p_id AND m.email_index = p_key AND m.email_confirmed)
    THEN
        v_held := 'same';
    END IF;
    IF v_held <> 'ok' THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT v_held, NULL::timestamptz;
        RETURN;
    END IF;
    v_account := identity.code_count(p_account_key, p_most, p_window, p_now);
    IF v_account.retry_at IS NOT NULL THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
        RETURN QUERY SELECT 'limited', v_account.retry_at;
        RETURN;
    END IF;
    v_code := identity.code_offer_write('confirm', 'email', p_name, p_key, p_user_id, p_offer, NULL, p_now);
    IF v_code.retry_at IS NOT NULL THEN
        PERFORM identity.message_budget_return(p_offer.budget_day, p_offer.budget_keys);
    END IF;
    RETURN QUERY SELECT
        CASE WHEN v_code.retry_at IS NULL THEN 'sent' ELSE 'limited' END, coalesce(v_code.retry_at, v_code.expires_at);
END
$$;

-- Takes the code: the address that it was sent to is the merchant's, and confirmed. Outcomes: done | wrong (also: none, expired, no tries
-- left), and those of hold.
CREATE FUNCTION merchants.email_confirm(
    p_service_id text, p_event_id text, p_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_handle bytea,
    p_code_hash bytea, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held text := merchants.hold(p_id, p_live, p_user_id, p_session_id, p_roles);
    v_code identity.one_time_codes;
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    v_code := identity.code_take(p_handle, p_code_hash, p_now);
    IF v_code.handle IS NULL THEN
        RETURN 'wrong';
    END IF;
    PERFORM identity.code_forget(v_code);
    UPDATE merchants.merchants m
    SET email = v_code.name, email_index = v_code.key, email_confirmed = true, updated_at = p_now
    WHERE m.id = p_id;
    PERFORM merchants.event(p_service_id, p_event_id, 'email_confirmed', p_id, p_now, '{}');
    PERFORM merchants.activate(p_service_id, p_event_id, p_id, p_now);
    RETURN 'done';
END
$$;

-- What an administrator decides: approve | suspend | reinstate | tier. What is so already stays, and counts as a decision too.
-- Outcomes: done | none.
CREATE FUNCTION merchants.decide(
    p_service_id text, p_event_id text, p_id text, p_live boolean, p_what text, p_tier integer, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_before merchants.merchants;
    v_after  merchants.merchants;
BEGIN
    SELECT * INTO v_before FROM merchants.merchants m WHERE m.id = p_id AND m.live = p_live FOR NO KEY UPDATE;
    IF NOT found THEN
        RETURN 'none';
    END IF;
    UPDATE merchants.merchants m
    SET approved_at = CASE WHEN p_what = 'approve' THEN coalesce(m.approved_at, p_now) ELSE m.approved_at END,
        suspended_at = CASE p_what
            WHEN 'suspend' THEN coalesce(m.suspended_at, p_now)
            WHEN 'reinstate' THEN NULL
            ELSE m.suspended_at
        END,
        tier = CASE WHEN p_what = 'tier' THEN p_tier ELSE m.tier END,
        decisions = m.decisions + 1,
        updated_at = p_now
    WHERE m.id = p_id
    RETURNING * INTO v_after;
    IF v_after.approved_at IS DISTINCT FROM v_before.approved_at THEN
        PERFORM merchants.event(p_service_id, p_event_id, 'approved', p_id, p_now, '{}');
    END IF;
    IF (v_after.suspended_at IS NULL) <> (v_before.suspended_at IS NULL) THEN
        PERFORM merchants.event(
            p_service_id, p_event_id, CASE WHEN v_after.suspended_at IS NULL THEN 'reinstated' ELSE 'suspended' END, p_id, p_now, '{}');
    END IF;
    IF v_after.tier <> v_before.tier THEN
        PERFORM merchants.event(p_service_id, p_event_id, 'tier_changed', p_id, p_now, jsonb_build_object('tier', v_after.tier));
    END IF;
    PERFORM merchants.activate(p_service_id, p_event_id, p_id, p_now);
    RETURN 'done';
END
$$;
