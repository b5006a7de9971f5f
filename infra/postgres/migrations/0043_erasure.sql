-- People have all of them taken away that neither the law nor the ledger keeps.

-- Removes a user with all that is his in this schema, and destroys his key, so that what was copied of the rest is noise. His sessions end
-- at all front doors, those that had ended have gone before (user_sessions_remove); his handles are nobody's for ever. What he paid and was
-- paid, and what was done about him, stays under his id.
-- Outcomes: erased | kept (there is no such user, or he may be more than a user) | session_ended (since the request was looked at).
CREATE FUNCTION identity.user_erase(
    p_service_id text, p_event_id text, p_user_id text, p_session_id text, p_now timestamptz) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM identity.users u WHERE u.id = p_user_id AND u.role = 'user' FOR UPDATE;
    IF NOT found THEN
        RETURN 'kept';
    END IF;
    IF NOT identity.session_hold(p_session_id, p_user_id) THEN
        RETURN 'session_ended';
    END IF;
    PERFORM identity.sessions_revoke_others(p_service_id, p_event_id, p_user_id, '', p_now);
    INSERT INTO identity.erased_sessions (id, revoked_at, access_ends_at)
    SELECT s.id, coalesce(s.revoked_at, p_now), s.access_ends_at FROM identity.sessions s WHERE s.user_id = p_user_id;
    UPDATE identity.handles h SET user_id = NULL, released_at = 'infinity' WHERE h.user_id = p_user_id;
    DELETE FROM identity.invited_names n WHERE n.service_id = p_service_id AND n.wallet = 'wal_' || substr(p_user_id, 5);
    DELETE FROM identity.users u WHERE u.id = p_user_id;
    PERFORM subject_key_erase(p_user_id);
    RETURN 'erased';
END
$$;
