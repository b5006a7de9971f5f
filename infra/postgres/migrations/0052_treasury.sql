-- The platform's accounts that have a key: the treasury is one of them.
CREATE OR REPLACE FUNCTION platform_accounts(p_service_id text)
RETURNS TABLE (state_name text, grain_key text, address text, key_id text)
LANGUAGE sql STABLE AS $$
    SELECT s.state_name, s.grain_key, s.payload -> 'key' ->> 'publicKey', s.payload -> 'key' ->> 'keyId'
    FROM grain_state s
    WHERE s.service_id = p_service_id
      AND s.state_name IN ('fee_account', 'sponsor', 'suspense', 'treasury')
      AND s.payload -> 'key' ->> 'publicKey' IS NOT NULL
    ORDER BY s.grain_key
$$;
