-- Deliveries of one line are worked on one after another. The index tells the oldest that is due of all lines but some
-- without reading the rows of those, of which thousands may wait.
ALTER TABLE inbox ADD COLUMN line TEXT NOT NULL DEFAULT '';

DROP INDEX inbox_due;
CREATE INDEX inbox_due ON inbox (due_at_ms, key, line) WHERE state = 'due';

-- Deliveries in hand are few, and looked for whenever something went wrong.
CREATE INDEX inbox_in_hand ON inbox (key) WHERE state = 'in hand';
