-- No statement here runs long enough for a compiler to pay. Where the planner guesses too much of a queue that is full at one moment and
-- empty at the next, PostgreSQL compiles for half a second a statement that then runs for three milliseconds: tried on the walk of the
-- inbox's sweep, with a plan that was guessed to be costly. New sessions have it; whoever does not own the database sets it for himself.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET jit = off', current_database());
END
$$;
