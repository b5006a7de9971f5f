-- Data keys of those whom encrypted fields are about: users, merchants. Each is wrapped by a key-encryption key that is not in the
-- database. Without its key nothing of a subject can be read any more, in backups and copies neither, as soon as those of this table
-- are gone too.
CREATE TABLE subject_keys (
    subject     text        NOT NULL,
    key_id      text,
    wrapped_key bytea,
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- The row stays, so that no key is made anew for somebody who was erased.
    erased_at   timestamptz,
    -- The key of a field's subject.
    CONSTRAINT subject_keys_pkey PRIMARY KEY (subject),
    CONSTRAINT subject_keys_whole_or_erased CHECK (
        (erased_at IS NULL) = (wrapped_key IS NOT NULL) AND (erased_at IS NULL) = (key_id IS NOT NULL))
);

-- What another key-encryption key than the current one wraps: usually nothing, looked for at each start of a front door.
CREATE INDEX subject_keys_key_idx ON subject_keys (key_id, subject) WHERE key_id IS NOT NULL;

-- Destroys a subject's key; whoever erases more calls it in his transaction.
CREATE FUNCTION subject_key_erase(p_subject text) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO subject_keys (subject, erased_at) VALUES (p_subject, now())
    ON CONFLICT (subject) DO UPDATE
    SET key_id = NULL, wrapped_key = NULL, erased_at = coalesce(subject_keys.erased_at, excluded.erased_at)
$$;
