-- Whom a user pays, by names of the user's own. The recipient is kept as it was typed, and resolved when it is used. It may be the e-mail
-- address or phone number of somebody else: so it is encrypted under the user's own data key (0033).
CREATE TABLE identity.contacts (
    id         text        NOT NULL,
    user_id    text        NOT NULL,
    nickname   text        NOT NULL,
    recipient  bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- A contact by its id, always together with its user.
    CONSTRAINT contacts_pkey PRIMARY KEY (id),
    CONSTRAINT contacts_user_fkey FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);

-- A contact by its nickname, in any case; and a user's contacts in order.
CREATE UNIQUE INDEX contacts_nickname_idx ON identity.contacts (user_id, lower(nickname));

-- True if it was added; false if the user has as many as he may. A nickname that is there already violates its index.
CREATE FUNCTION identity.contact_add(
    p_id text, p_user_id text, p_nickname text, p_recipient bytea, p_now timestamptz, p_most integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    -- One addition of a user at a time, so that the count holds.
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id FOR UPDATE;
    IF (SELECT count(*) FROM identity.contacts c WHERE c.user_id = p_user_id) >= p_most THEN
        RETURN false;
    END IF;
    INSERT INTO identity.contacts (id, user_id, nickname, recipient, created_at, updated_at)
    VALUES (p_id, p_user_id, p_nickname, p_recipient, p_now, p_now);
    RETURN true;
END
$$;
