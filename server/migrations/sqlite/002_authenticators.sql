-- SPDX-License-Identifier: Apache-2.0
-- Several authenticators a user, replacing one, step-up inside a session (R2), sealed enrollment (R22).

ALTER TABLE session ADD COLUMN elevated_until INTEGER NOT NULL DEFAULT 0;  -- 0: never

ALTER TABLE credential ADD COLUMN name TEXT NOT NULL DEFAULT '';  -- what its owner calls it
-- Of a pending one, and of no other:
ALTER TABLE credential ADD COLUMN replaces TEXT;  -- the authenticator in whose place it comes; none: one more
ALTER TABLE credential ADD COLUMN elevated INTEGER NOT NULL DEFAULT 0 CHECK (elevated IN (0, 1));  -- begun after a step-up
ALTER TABLE credential ADD COLUMN box_key BLOB;  -- the widget's public key
ALTER TABLE credential ADD COLUMN box BLOB;      -- sealed once, to that key

-- What was begun before there were boxes has none to be shown again.
DELETE FROM credential WHERE status = 'pending';
