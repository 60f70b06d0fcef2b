-- SPDX-License-Identifier: Apache-2.0
-- Every table leads with the realm, and with the user where it has one (R1); `state` alone belongs to the store.

CREATE TABLE state (
    one            INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch          INTEGER NOT NULL,  -- raised by each restore (R17)
    floor_time     INTEGER NOT NULL,  -- nothing is accepted whose step or issue time is not after it (R17)
    high_water     INTEGER NOT NULL,  -- the latest time the server has decided with (R16)
    clock_confirms INTEGER NOT NULL,  -- how often an operator has confirmed the clock (R16)
    commits        INTEGER NOT NULL,  -- batches committed
    key_check      BLOB               -- tells a wrong master key before it does harm
) STRICT;

-- The floor of a new store lies a day before the epoch: under every step of every period.
INSERT INTO state VALUES (1, 1, -86400, 0, 0, 0, NULL);

CREATE TABLE realm (
    realm      TEXT    NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO realm VALUES ('default', 0);

-- Tokens are kept as keyed hashes only: `lookup` finds the row, `binding` ties it to its realm and owner.
CREATE TABLE app_key (
    realm      TEXT    NOT NULL,
    app_key    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    lookup     BLOB    NOT NULL UNIQUE,
    binding    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (realm, app_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    session    TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    issuer     TEXT    NOT NULL,
    lookup     BLOB    NOT NULL UNIQUE,
    binding    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (realm, user, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_expiry ON session (expires_at);

-- One configured authenticator. The row holds all that the deciding statement reads and writes (R8, R9).
CREATE TABLE credential (
    realm           TEXT    NOT NULL,
    user            TEXT    NOT NULL,
    credential      TEXT    NOT NULL,  -- random, new at each configuration, never used again
    method          TEXT    NOT NULL,
    status          TEXT    NOT NULL CHECK (status IN ('pending', 'active', 'disabled')),
    slot            INTEGER,           -- which of the user's authenticators; none while pending
    last_step       INTEGER NOT NULL,
    failures        INTEGER NOT NULL,  -- in a row
    not_before      INTEGER NOT NULL,  -- locked until
    window_start    INTEGER NOT NULL,  -- of the 30-day count
    window_failures INTEGER NOT NULL,
    successes       INTEGER NOT NULL,
    last_used_at    INTEGER,
    algorithm       TEXT    NOT NULL,
    digits          INTEGER NOT NULL,
    period          INTEGER NOT NULL,
    key_id          TEXT    NOT NULL,
    sealed          BLOB    NOT NULL,
    created_at      INTEGER NOT NULL,
    active_at       INTEGER,
    expires_at      INTEGER,           -- of a pending one
    session         TEXT,              -- which a pending one belongs to
    PRIMARY KEY (realm, user, credential),
    CHECK ((status = 'pending') = (slot IS NULL)),
    CHECK ((status = 'pending') = (session IS NOT NULL AND expires_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Two confirmations cannot both end in an active authenticator: the second meets this index.
CREATE UNIQUE INDEX credential_slot ON credential (realm, user, method, slot) WHERE slot IS NOT NULL;
CREATE INDEX credential_expiry ON credential (expires_at) WHERE expires_at IS NOT NULL;

-- Users nobody has heard of get delays like everybody else (R14). `user` is a keyed hash.
CREATE TABLE unknown_user (
    realm           TEXT    NOT NULL,
    user            TEXT    NOT NULL,
    method          TEXT    NOT NULL,
    status          TEXT    NOT NULL CHECK (status IN ('active', 'disabled')),
    failures        INTEGER NOT NULL,
    not_before      INTEGER NOT NULL,
    window_start    INTEGER NOT NULL,
    window_failures INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    PRIMARY KEY (realm, user, method)
) STRICT, WITHOUT ROWID;

CREATE INDEX unknown_user_expiry ON unknown_user (expires_at);

CREATE TABLE audit (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    nonce      BLOB    NOT NULL,  -- 16 random bytes: keeps a hash of the row from being guessed (R26)
    event      TEXT    NOT NULL,
    method     TEXT    NOT NULL,
    credential TEXT    NOT NULL,
    detail     TEXT    NOT NULL,
    PRIMARY KEY (realm, user, at, nonce)
) STRICT, WITHOUT ROWID;
