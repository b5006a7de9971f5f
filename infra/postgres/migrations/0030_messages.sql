-- What is to be said to people: by e-mail and by SMS. A message is written in the transaction of what it tells, and sent by
-- whichever front door takes it next. It is encrypted under a key that the database does not have: it names somebody, and may hold
-- a code.
CREATE TABLE identity.messages (
    id         text        NOT NULL,
    channel    text        NOT NULL,
    -- Of which there may be very many, and which may wait: none of the others waits for them.
    bulk       boolean     NOT NULL DEFAULT false,
    sealed     bytea       NOT NULL,
    attempts   integer     NOT NULL DEFAULT 0,
    -- From when on it may be taken: whoever takes it puts this off for as long as sending it may last.
    due_at     timestamptz NOT NULL,
    -- After this it says nothing that is still so, and is given up.
    expires_at timestamptz NOT NULL,
    CONSTRAINT messages_pkey PRIMARY KEY (id),
    CONSTRAINT messages_channel_known CHECK (channel IN ('email', 'sms'))
);

-- The next ones to send, for messages_take.
CREATE INDEX messages_due_idx ON identity.messages (channel, bulk, due_at);

-- Takes messages to send, the longest due first, and says which are over. For p_lease nobody else takes them. By the clock of the database:
-- a front door whose own is wrong takes nothing that another is sending, and gives up nothing that still holds.
CREATE FUNCTION identity.messages_take(p_channel text, p_bulk boolean, p_lease interval, p_limit integer)
RETURNS TABLE (id text, sealed bytea, attempts integer, is_over boolean)
LANGUAGE sql AS $$
    UPDATE identity.messages m
    SET attempts = m.attempts + 1, due_at = now() + p_lease
    WHERE m.id IN (
        SELECT n.id FROM identity.messages n
        WHERE n.channel = p_channel AND n.bulk = p_bulk AND n.due_at <= now()
        ORDER BY n.due_at
        LIMIT p_limit
        FOR UPDATE SKIP LOCKED)
    RETURNING m.id, m.sealed, m.attempts, m.expires_at <= now()
$$;

-- Puts off a message that could not be sent; not if somebody else has taken it since.
CREATE FUNCTION identity.message_put_off(p_id text, p_attempts integer, p_pause interval) RETURNS void
LANGUAGE sql AS $$
    UPDATE identity.messages m SET due_at = now() + p_pause WHERE m.id = p_id AND m.attempts = p_attempts
$$;

-- In development what would be sent is kept here, so that programs and people can read it without a mail server; the newest
-- ten thousand. Outside development nothing writes here.
CREATE TABLE identity.development_inbox (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    to_digest   bytea       NOT NULL,
    sealed      bytea       NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT development_inbox_pkey PRIMARY KEY (id)
);

-- One recipient's, newest first.
CREATE INDEX development_inbox_to_idx ON identity.development_inbox (to_digest, id);
