-- Keys by which merchants' programs come in (0050): made, exchanged, taken away and found.

-- Makes a key. Keys that were revoked long ago go then, more than one: what a merchant has is bounded. Outcomes: done | not_active |
-- too_many, and those of hold.
CREATE FUNCTION merchants.key_create(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_id text,
    p_kind text, p_name text, p_permissions text[], p_addresses text[], p_origins text[], p_expires_at timestamptz, p_digest bytea,
    p_last4 text, p_signing_secret bytea, p_now timestamptz, p_most integer, p_revoked_before timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    IF NOT EXISTS (SELECT FROM merchants.merchants m WHERE m.id = p_merchant_id AND m.status = 'active') THEN
        RETURN 'not_active';
    END IF;
    DELETE FROM merchants.api_keys k WHERE k.merchant_id = p_merchant_id AND k.revoked_at < p_revoked_before;
    IF (SELECT count(*) FROM merchants.api_keys k WHERE k.merchant_id = p_merchant_id AND k.revoked_at IS NULL) >= p_most THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO merchants.api_keys (
        id, merchant_id, kind, name, permissions, allowed_addresses, allowed_origins, created_by, created_at, updated_at, expires_at,
        rotated_at, last4)
    VALUES (
        p_id, p_merchant_id, p_kind, p_name, p_permissions, p_addresses, p_origins, p_user_id, p_now, p_now, p_expires_at, p_now, p_last4);
    INSERT INTO merchants.api_key_secrets (digest, key_id, shown_to, signing_secret) VALUES (p_digest, p_id, p_user_id, p_signing_secret);
    PERFORM merchants.event(
        p_service_id, p_event_id, 'key_created', p_merchant_id, p_now, jsonb_build_object('keyId', p_id, 'kind', p_kind, 'by', p_user_id));
    PERFORM merchants.tell_owners(
        p_service_id, p_event_id, 'merchant_key_created', p_merchant_id, p_now, jsonb_build_object('keyId', p_id));
    RETURN 'done';
END
$$;

-- Gives a key another secret; the one before holds until p_until, and none but these two. Where one of before still holds, that is the one
-- that programs have: it stands until its end, and the newest is replaced, which may be one whose answer was lost. Where none is to hold
-- any longer, all end. Outcomes: done | no_key | not_active, and those of hold.
CREATE FUNCTION merchants.key_rotate(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_id text,
    p_digest bytea, p_last4 text, p_signing_secret bytea, p_until timestamptz, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held  text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
    v_until timestamptz;
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    IF NOT EXISTS (SELECT FROM merchants.merchants m WHERE m.id = p_merchant_id AND m.status = 'active') THEN
        RETURN 'not_active';
    END IF;
    UPDATE merchants.api_keys k
    SET rotated_at = p_now, reported_at = NULL, updated_at = p_now, last4 = p_last4
    WHERE k.id = p_id AND k.merchant_id = p_merchant_id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > p_now);
    IF NOT found THEN
        RETURN 'no_key';
    END IF;
    DELETE FROM merchants.api_key_secrets s WHERE s.key_id = p_id AND (s.until <= p_now OR p_until <= p_now);
    SELECT max(s.until) INTO v_until FROM merchants.api_key_secrets s WHERE s.key_id = p_id;
    IF v_until IS NULL THEN
        v_until := p_until;
        UPDATE merchants.api_key_secrets s SET until = p_until WHERE s.key_id = p_id;
    ELSE
        DELETE FROM merchants.api_key_secrets s WHERE s.key_id = p_id AND s.until IS NULL;
    END IF;
    INSERT INTO merchants.api_key_secrets (digest, key_id, shown_to, signing_secret) VALUES (p_digest, p_id, p_user_id, p_signing_secret);
    PERFORM merchants.event(
        p_service_id, p_event_id, 'key_rotated', p_merchant_id, p_now,
        jsonb_build_object('keyId', p_id, 'until', v_until, 'by', p_user_id));
    PERFORM merchants.tell_owners(
        p_service_id, p_event_id, 'merchant_key_rotated', p_merchant_id, p_now, jsonb_build_object('keyId', p_id));
    RETURN 'done';
END
$$;

-- Changes what is given of a key; null leaves as it is. Outcomes: done | no_key, and those of hold.
CREATE FUNCTION merchants.key_change(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_id text,
    p_name text, p_addresses text[], p_origins text[], p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    UPDATE merchants.api_keys k
    SET name = coalesce(p_name, k.name), allowed_addresses = coalesce(p_addresses, k.allowed_addresses),
        allowed_origins = coalesce(p_origins, k.allowed_origins), updated_at = p_now
    WHERE k.id = p_id AND k.merchant_id = p_merchant_id AND k.revoked_at IS NULL;
    IF NOT found THEN
        RETURN 'no_key';
    END IF;
    PERFORM merchants.event(
        p_service_id, p_event_id, 'key_changed', p_merchant_id, p_now, jsonb_build_object('keyId', p_id, 'by', p_user_id));
    IF p_addresses IS NOT NULL OR p_origins IS NOT NULL THEN
        PERFORM merchants.tell_owners(
            p_service_id, p_event_id, 'merchant_key_changed', p_merchant_id, p_now, jsonb_build_object('keyId', p_id));
    END IF;
    RETURN 'done';
END
$$;

-- Takes a key away at once; a repeat changes nothing. Outcomes: done | no_key, and those of hold.
CREATE FUNCTION merchants.key_revoke(
    p_service_id text, p_event_id text, p_merchant_id text, p_live boolean, p_user_id text, p_session_id text, p_roles text[], p_id text,
    p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_held text := merchants.hold(p_merchant_id, p_live, p_user_id, p_session_id, p_roles);
BEGIN
    IF v_held <> 'ok' THEN
        RETURN v_held;
    END IF;
    UPDATE merchants.api_keys k
    SET revoked_at = p_now, updated_at = p_now
    WHERE k.id = p_id AND k.merchant_id = p_merchant_id AND k.revoked_at IS NULL;
    IF found THEN
        PERFORM merchants.event(
            p_service_id, p_event_id, 'key_revoked', p_merchant_id, p_now, jsonb_build_object('keyId', p_id, 'by', p_user_id));
        PERFORM merchants.tell_owners(
            p_service_id, p_event_id, 'merchant_key_revoked', p_merchant_id, p_now, jsonb_build_object('keyId', p_id));
        RETURN 'done';
    END IF;
    RETURN CASE
        WHEN EXISTS (SELECT FROM merchants.api_keys k WHERE k.id = p_id AND k.merchant_id = p_merchant_id) THEN 'done'
        ELSE 'no_key'
    END;
END
$$;

-- Ends what somebody may know of keys who goes, or becomes less: the keys whose present secret was shown to him, and the secrets before
-- those that still hold. p_may is what he may from now on, null for nothing at all, and p_of_secrets what a secret key may; what may no more than
-- he himself stays his. Publishable ones are no secrets. At once, and without asking: whoever is removed for what he does must not be able
-- to hold that up, and who wants the shop to go on exchanges the keys first. What webhook endpoints are signed with (0055) ends with nobody,
-- for the shop would refuse what is sent to it: owners are told which he may know, to exchange them when the shop is ready.
CREATE FUNCTION merchants.keys_end(
    p_service_id text, p_event_id text, p_merchant_id text, p_person text, p_by text, p_may text[], p_of_secrets text[], p_now timestamptz)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_key       record;
    v_endpoints text[];
BEGIN
    FOR v_key IN
        SELECT k.id, bool_or(s.until IS NULL) AS is_known
        FROM merchants.api_keys k
        JOIN merchants.api_key_secrets s ON s.key_id = k.id AND s.shown_to = p_person
        WHERE k.merchant_id = p_merchant_id AND k.kind <> 'publishable' AND k.revoked_at IS NULL AND (s.until IS NULL OR s.until > p_now)
          AND NOT coalesce(CASE k.kind WHEN 'secret' THEN p_of_secrets ELSE k.permissions END <@ p_may, false)
        GROUP BY k.id
        ORDER BY k.id
    LOOP
        DELETE FROM merchants.api_key_secrets s WHERE s.key_id = v_key.id AND s.shown_to = p_person AND s.until IS NOT NULL;
        UPDATE merchants.api_keys k SET updated_at = p_now, revoked_at = CASE WHEN v_key.is_known THEN p_now END WHERE k.id = v_key.id;
        PERFORM merchants.event(
            p_service_id, identity.event_id_for(p_event_id, v_key.id), CASE WHEN v_key.is_known THEN 'key_revoked' ELSE 'key_changed' END,
            p_merchant_id, p_now, jsonb_build_object('keyId', v_key.id, 'by', p_by));
        IF v_key.is_known THEN
            PERFORM merchants.tell_owners(
                p_service_id, identity.event_id_for(p_event_id, v_key.id), 'merchant_key_revoked', p_merchant_id, p_now,
                jsonb_build_object('keyId', v_key.id));
        END IF;
    END LOOP;
    v_endpoints := array(SELECT webhook_secrets_known(p_service_id, p_merchant_id, p_person));
    IF cardinality(v_endpoints) > 0 AND NOT coalesce('webhook_endpoints:write' = ANY (p_may), false) THEN
        PERFORM merchants.tell_owners(
            p_service_id, p_event_id, 'merchant_webhook_secrets_known', p_merchant_id, p_now,
            jsonb_build_object('userId', p_person, 'endpoints', to_jsonb(v_endpoints)));
    END IF;
END
$$;

-- The key of a digest, with all that says whether it holds; what comes of it is decided by who asks, on his clock.
CREATE FUNCTION merchants.key_find(p_digest bytea)
RETURNS TABLE (
    digest bytea, until timestamptz, id text, merchant_id text, kind text, permissions text[], allowed_addresses text[],
    allowed_origins text[], expires_at timestamptz, revoked_at timestamptz, live boolean, status text, tier integer, signing_secret bytea,
    require_signed_requests boolean)
LANGUAGE sql STABLE AS $$
    SELECT s.digest, s.until, k.id, k.merchant_id, k.kind, k.permissions, k.allowed_addresses, k.allowed_origins, k.expires_at,
        k.revoked_at, m.live, m.status, m.tier::integer, s.signing_secret, m.require_signed_requests
    FROM merchants.api_key_secrets s
    JOIN merchants.api_keys k ON k.id = s.key_id
    JOIN merchants.merchants m ON m.id = k.merchant_id
    WHERE s.digest = p_digest
$$;

-- Notes when keys were used last. Nobody waits for it, and it waits for nobody: what is held is noted the next time.
CREATE FUNCTION merchants.keys_used(p_ids text[], p_at timestamptz[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE merchants.api_keys k
    SET last_used_at = greatest(k.last_used_at, used.at)
    FROM (
        SELECT l.id, u.at
        FROM unnest(p_ids, p_at) AS u (id, at)
        JOIN merchants.api_keys l ON l.id = u.id
        ORDER BY l.id
        FOR NO KEY UPDATE OF l SKIP LOCKED) AS used
    WHERE k.id = used.id
$$;

-- Has the owners of some keys told that their secrets are old; once for each secret. How many keys there were.
CREATE FUNCTION merchants.keys_report(
    p_service_id text, p_event_id text, p_rotated_before timestamptz, p_now timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_key   record;
    v_count integer := 0;
BEGIN
    FOR v_key IN
        UPDATE merchants.api_keys k
        SET reported_at = p_now
        FROM (
            SELECT d.id FROM merchants.api_keys d
            WHERE d.revoked_at IS NULL AND d.reported_at IS NULL AND d.rotated_at <= p_rotated_before
            ORDER BY d.rotated_at
            LIMIT p_limit
            FOR NO KEY UPDATE SKIP LOCKED) AS due
        WHERE k.id = due.id
        RETURNING k.id, k.merchant_id, k.expires_at
    LOOP
        v_count := v_count + 1;
        IF v_key.expires_at IS NULL OR v_key.expires_at > p_now THEN
            PERFORM merchants.tell_owners(
                p_service_id, identity.event_id_for(p_event_id, v_key.id), 'merchant_key_due', v_key.merchant_id, p_now,
                jsonb_build_object('keyId', v_key.id));
        END IF;
    END LOOP;
    RETURN v_count;
END
$$;
