-- SPDX-License-Identifier: Apache-2.0
-- The administrator's policy with its history (A10), and security codes (A6 to A9).

ALTER TABLE realm ADD COLUMN policy_version INTEGER NOT NULL DEFAULT 0;  -- the one in force; 0: the defaults

-- Rows are added and never changed. A transaction that decides by a policy holds its version: it updates the
-- realm's row where that version stands (R11).
CREATE TABLE policy (
    realm    TEXT    NOT NULL,
    version  INTEGER NOT NULL CHECK (version > 0),
    document TEXT    NOT NULL,
    who      TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (realm, version)
) STRICT, WITHOUT ROWID;

-- A set is one row of `credential` (method `static_codes` or `backup_code`), which counts and gates for all its
-- codes. What is stored of a code is a keyed hash of its stretched form (R21).
CREATE TABLE security_code (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    credential TEXT    NOT NULL,  -- the set
    kind       TEXT    NOT NULL CHECK (kind IN ('static_codes', 'backup_code')),
    pepper_id  TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER,           -- none: no time limit
    used_at    INTEGER,
    PRIMARY KEY (realm, user, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX security_code_set ON security_code (realm, user, credential);

-- A step-up by a fallback (R2), and what was bound by one.
ALTER TABLE session ADD COLUMN recovery INTEGER NOT NULL DEFAULT 0 CHECK (recovery IN (0, 1));
ALTER TABLE credential ADD COLUMN recovery INTEGER NOT NULL DEFAULT 0 CHECK (recovery IN (0, 1));
