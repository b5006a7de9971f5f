-- The last ledger whose operations all wallets have, as the follower's state has it; no row before the first.
CREATE FUNCTION follower_watermark(p_service_id text) RETURNS TABLE (ledger bigint, closed_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT (s.payload ->> 'lastLedger')::bigint, (s.payload ->> 'lastClosedAt')::timestamptz
    FROM grain_state s
    WHERE s.service_id = p_service_id
      AND s.state_name = 'follower'
      AND s.grain_key = 'net_follower'
      AND s.payload ->> 'lastClosedAt' IS NOT NULL
$$;
