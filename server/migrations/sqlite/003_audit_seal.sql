-- SPDX-License-Identifier: Apache-2.0
-- The audit log, sealed after the fact (R26): one chain for the whole store, so none of this leads with the realm.

ALTER TABLE audit ADD COLUMN number      INTEGER;  -- from 1 without gaps; none while the row is not sealed
ALTER TABLE audit ADD COLUMN record_hash BLOB;     -- stays when a row's personal data is erased with its nonce
ALTER TABLE audit ADD COLUMN chain_head  BLOB;     -- of the chain up to this row: tells where it was broken

CREATE UNIQUE INDEX audit_number ON audit (number) WHERE number IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (at) WHERE number IS NULL;

-- How far sealing has come, and which process seals.
CREATE TABLE audit_chain (
    one          INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    size         INTEGER NOT NULL,
    head         BLOB    NOT NULL,
    sealer       TEXT    NOT NULL,
    leased_until INTEGER NOT NULL,
    signed_epoch INTEGER NOT NULL,  -- of the last checkpoint
    signed_size  INTEGER NOT NULL
) STRICT;

INSERT INTO audit_chain VALUES (1, 0, zeroblob(32), '', 0, 0, 0);

CREATE TABLE audit_checkpoint (
    epoch     INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    head      BLOB    NOT NULL,
    time      INTEGER NOT NULL,
    signature BLOB    NOT NULL,  -- by a key that the store does not hold
    PRIMARY KEY (epoch, size)
) STRICT, WITHOUT ROWID;
