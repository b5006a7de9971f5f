-- A wallet's row is 2 to 4 kB of what hardly compresses, written at each step of a payment. Above 2 kB PostgreSQL would
-- compress it and, as that does not suffice, move it into a table of its own each time: measured five times the work of
-- a write in place.
ALTER TABLE grain_state SET (toast_tuple_target = 8160);
