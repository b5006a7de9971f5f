-- Which silos form the cluster. Every change of a member also counts the cluster's version up, in one transaction;
-- a change that expects another version is refused.
CREATE TABLE membership_versions (
    cluster_id  text        NOT NULL,
    version     integer     NOT NULL DEFAULT 0,
    modified_at timestamptz NOT NULL DEFAULT now(),
    -- The version row of one cluster, locked by each change.
    CONSTRAINT membership_versions_pkey PRIMARY KEY (cluster_id)
);

CREATE TABLE membership (
    cluster_id      text        NOT NULL,
    address         text        NOT NULL,
    port            integer     NOT NULL,
    generation      integer     NOT NULL,
    silo_name       text        NOT NULL,
    host_name       text        NOT NULL,
    status          integer     NOT NULL,
    proxy_port      integer     NOT NULL,
    suspect_times   text,
    start_time      timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    -- One silo, and all of a cluster.
    CONSTRAINT membership_pkey PRIMARY KEY (cluster_id, address, port, generation),
    CONSTRAINT membership_cluster FOREIGN KEY (cluster_id) REFERENCES membership_versions (cluster_id)
);

CREATE FUNCTION membership_create(p_cluster_id text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO membership_versions (cluster_id) VALUES (p_cluster_id) ON CONFLICT DO NOTHING;
    RETURN found;
END
$$;

CREATE FUNCTION membership_insert(
    p_cluster_id text, p_address text, p_port integer, p_generation integer, p_silo_name text, p_host_name text,
    p_status integer, p_proxy_port integer, p_start_time timestamptz, p_i_am_alive_time timestamptz,
    p_version integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM membership_versions WHERE cluster_id = p_cluster_id AND version = p_version FOR UPDATE;
    IF NOT found THEN
        RETURN false;
    END IF;
    INSERT INTO membership (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port,
                            start_time, i_am_alive_time)
    VALUES (p_cluster_id, p_address, p_port, p_generation, p_silo_name, p_host_name, p_status, p_proxy_port,
            p_start_time, p_i_am_alive_time)
    ON CONFLICT DO NOTHING;
    IF NOT found THEN
        RETURN false;
    END IF;
    UPDATE membership_versions SET version = version + 1, modified_at = now() WHERE cluster_id = p_cluster_id;
    RETURN true;
END
$$;

CREATE FUNCTION membership_update(
    p_cluster_id text, p_address text, p_port integer, p_generation integer, p_status integer, p_suspect_times text,
    p_i_am_alive_time timestamptz, p_version integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM membership_versions WHERE cluster_id = p_cluster_id AND version = p_version FOR UPDATE;
    IF NOT found THEN
        RETURN false;
    END IF;
    UPDATE membership
    SET status = p_status, suspect_times = p_suspect_times, i_am_alive_time = p_i_am_alive_time
    WHERE cluster_id = p_cluster_id AND address = p_address AND port = p_port AND generation = p_generation;
    IF NOT found THEN
        RETURN false;
    END IF;
    UPDATE membership_versions SET version = version + 1, modified_at = now() WHERE cluster_id = p_cluster_id;
    RETURN true;
END
$$;

-- A sign of life is no change of the cluster: it leaves the version alone.
CREATE FUNCTION membership_alive(
    p_cluster_id text, p_address text, p_port integer, p_generation integer, p_i_am_alive_time timestamptz)
RETURNS void
LANGUAGE sql AS $$
    UPDATE membership
    SET i_am_alive_time = p_i_am_alive_time
    WHERE cluster_id = p_cluster_id AND address = p_address AND port = p_port AND generation = p_generation
$$;

-- The cluster's version with its members, or with the one member named. Without members: one row, version only.
CREATE FUNCTION membership_read(
    p_cluster_id text, p_address text DEFAULT NULL, p_port integer DEFAULT NULL, p_generation integer DEFAULT NULL)
RETURNS TABLE (
    address text, port integer, generation integer, silo_name text, host_name text, status integer,
    proxy_port integer, suspect_times text, start_time timestamptz, i_am_alive_time timestamptz, version integer)
LANGUAGE sql STABLE AS $$
    SELECT m.address, m.port, m.generation, m.silo_name, m.host_name, m.status,
           m.proxy_port, m.suspect_times, m.start_time, m.i_am_alive_time, v.version
    FROM membership_versions v
    LEFT JOIN membership m
        ON m.cluster_id = v.cluster_id
       AND (p_address IS NULL
            OR (m.address = p_address AND m.port = p_port AND m.generation = p_generation))
    WHERE v.cluster_id = p_cluster_id
$$;

CREATE FUNCTION membership_gateways(p_cluster_id text, p_status integer)
RETURNS TABLE (address text, proxy_port integer, generation integer)
LANGUAGE sql STABLE AS $$
    SELECT m.address, m.proxy_port, m.generation
    FROM membership m
    WHERE m.cluster_id = p_cluster_id AND m.status = p_status AND m.proxy_port > 0
$$;

CREATE FUNCTION membership_delete_all(p_cluster_id text) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM membership WHERE cluster_id = p_cluster_id;
    DELETE FROM membership_versions WHERE cluster_id = p_cluster_id;
$$;

-- Silos that have long been silent and are not active (3).
CREATE FUNCTION membership_delete_silent(p_cluster_id text, p_before timestamptz) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM membership
    WHERE cluster_id = p_cluster_id AND i_am_alive_time < p_before AND status <> 3
$$;

-- One dead (6) silo, if nothing of it changed since it was read.
CREATE FUNCTION membership_delete_dead(
    p_cluster_id text, p_address text, p_port integer, p_generation integer, p_suspect_times text,
    p_start_time timestamptz, p_i_am_alive_time timestamptz) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM membership
    WHERE cluster_id = p_cluster_id AND address = p_address AND port = p_port AND generation = p_generation
      AND status = 6
      AND suspect_times IS NOT DISTINCT FROM p_suspect_times
      AND start_time = p_start_time
      AND i_am_alive_time = p_i_am_alive_time
$$;
