-- No statement here runs long enough for a compiler to pay. Where the planner guesses too much of a queue that is full at one moment and
-- empty at the next, PostgreSQL would compile a statement for a quarter of a second that then runs for two milliseconds: seen on the
-- sweep of the inbox, once a second and partition. New sessions have it; whoever does not own the database sets it for himself.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET jit = off', current_database());
END
$$;
