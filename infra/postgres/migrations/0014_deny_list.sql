-- Whom nobody may pay, and who may not pay: addresses on the network, users, and domains of federated addresses.
CREATE TABLE deny_list (
    service_id text        NOT NULL,
    kind       text        NOT NULL,
    value      text        NOT NULL,
    reason     text        NOT NULL,
    added_by   text        NOT NULL,
    added_at   timestamptz NOT NULL DEFAULT now(),
    -- The list in pages, in order; and that nothing is on it twice.
    CONSTRAINT deny_list_pkey PRIMARY KEY (service_id, kind, value),
    CONSTRAINT deny_list_kind_known CHECK (kind IN ('address', 'user', 'domain'))
);

-- Rises with every change, so that whoever keeps the list in memory reads it again only then.
CREATE TABLE deny_list_version (
    service_id text   NOT NULL,
    version    bigint NOT NULL,
    -- Read every few seconds by every silo.
    CONSTRAINT deny_list_version_pkey PRIMARY KEY (service_id)
);

CREATE FUNCTION deny_list_changed(p_service_id text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO deny_list_version AS v (service_id, version) VALUES (p_service_id, 1)
    ON CONFLICT (service_id) DO UPDATE SET version = v.version + 1
$$;

-- True if it is new; what is there already stays as it is.
CREATE FUNCTION deny_list_add(p_service_id text, p_kind text, p_value text, p_reason text, p_added_by text)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deny_list (service_id, kind, value, reason, added_by)
    VALUES (p_service_id, p_kind, p_value, p_reason, p_added_by)
    ON CONFLICT DO NOTHING;
    IF NOT found THEN
        RETURN false;
    END IF;
    PERFORM deny_list_changed(p_service_id);
    RETURN true;
END
$$;

-- True if it was there.
CREATE FUNCTION deny_list_remove(p_service_id text, p_kind text, p_value text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM deny_list d WHERE d.service_id = p_service_id AND d.kind = p_kind AND d.value = p_value;
    IF NOT found THEN
        RETURN false;
    END IF;
    PERFORM deny_list_changed(p_service_id);
    RETURN true;
END
$$;

-- All that is denied, as names to look for: a user by his id and by the addresses of his wallet.
CREATE FUNCTION deny_list_names(p_service_id text) RETURNS TABLE (kind text, value text)
LANGUAGE sql STABLE AS $$
    SELECT d.kind, d.value FROM deny_list d WHERE d.service_id = p_service_id
    UNION
    SELECT 'address', a.address
    FROM deny_list d
    JOIN ledger_addresses a ON a.service_id = d.service_id AND a.owner_kind = 'wallet'
        AND a.owner_key = 'wal_' || substr(d.value, 5)
    WHERE d.service_id = p_service_id AND d.kind = 'user'
$$;
