-- A wallet's state is a few KB, so each write compresses it: LZ4 takes a third of the time of PostgreSQL's own method.
-- A server that was built without it keeps its own; rows under both live side by side.
DO $$
BEGIN
    ALTER TABLE grain_state ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'this PostgreSQL was built without LZ4; grain states stay under pglz';
END
$$;
