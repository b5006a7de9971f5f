-- payment_events: one payment's events, for its trace and for the answer to a request that is repeated later.
CREATE INDEX events_of_payment ON events (subject, id) WHERE type LIKE 'payment.%';

-- What happened to a payment, oldest first: of more than p_limit events the latest.
CREATE FUNCTION payment_events(p_service_id text, p_payment_id text, p_limit integer) RETURNS SETOF events
LANGUAGE sql STABLE AS $$
    SELECT latest.*
    FROM (
        SELECT e.*
        FROM events e
        WHERE e.subject = p_payment_id AND e.type LIKE 'payment.%' AND e.service_id = p_service_id
        ORDER BY e.id DESC
        LIMIT p_limit
    ) AS latest
    ORDER BY latest.id
$$;
