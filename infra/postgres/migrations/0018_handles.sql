-- The names by which users find each other: @handle. Lower case only, so that no two differ by case alone.
CREATE TABLE identity.handles (
    handle      text        NOT NULL,
    -- Null where its last owner was erased: nobody gets it again.
    user_id     text,
    taken_at    timestamptz NOT NULL,
    released_at timestamptz,
    -- A recipient by handle; of two who want it at once, one gets it.
    CONSTRAINT handles_pkey PRIMARY KEY (handle),
    CONSTRAINT handles_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE SET NULL,
    CONSTRAINT handles_form CHECK (handle ~ '^[a-z0-9_]{3,20}$')
);

-- A user's present handle: a user has one.
CREATE UNIQUE INDEX handles_user_idx ON identity.handles (user_id) WHERE released_at IS NULL;

-- All of a user's, for the foreign key: where people are removed by the hundred, each looks for his.
CREATE INDEX handles_owner_idx ON identity.handles (user_id) WHERE user_id IS NOT NULL;

-- Gives a user a handle. Outcomes: set | same | taken | too_soon, with the time from which the user may change it.
-- One that was given up is kept for its former owner for a while, so that a payment meant for him does not reach
-- whoever takes the name the next day.
CREATE FUNCTION identity.handle_set(
    p_user_id text, p_handle text, p_now timestamptz, p_change_every interval, p_kept_for interval)
RETURNS TABLE (outcome text, changeable_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_present identity.handles;
BEGIN
    -- One change of a user at a time.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    SELECT h.* INTO v_present FROM identity.handles h WHERE h.user_id = p_user_id AND h.released_at IS NULL;
    IF v_present.handle = p_handle THEN
        RETURN QUERY SELECT 'same', v_present.taken_at + p_change_every;
        RETURN;
    END IF;
    IF v_present.handle IS NOT NULL AND v_present.taken_at + p_change_every > p_now THEN
        RETURN QUERY SELECT 'too_soon', v_present.taken_at + p_change_every;
        RETURN;
    END IF;

    INSERT INTO identity.handles AS h (handle, user_id, taken_at, released_at) VALUES (p_handle, p_user_id, p_now, p_now)
    ON CONFLICT (handle) DO UPDATE SET user_id = p_user_id, taken_at = p_now, released_at = p_now
    WHERE h.released_at IS NOT NULL AND (h.user_id = p_user_id OR h.released_at + p_kept_for <= p_now);
    IF NOT found THEN
        RETURN QUERY SELECT 'taken', NULL::timestamptz;
        RETURN;
    END IF;
    UPDATE identity.handles h SET released_at = p_now WHERE h.user_id = p_user_id AND h.released_at IS NULL;
    UPDATE identity.handles h SET released_at = NULL WHERE h.handle = p_handle;
    RETURN QUERY SELECT 'set', p_now + p_change_every;
END
$$;
