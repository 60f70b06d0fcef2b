-- SPDX-License-Identifier: Apache-2.0
-- The lost phone, end to end: challenges and receipts (R4, R5, R11), email (R23), security questions (R24),
-- administrators (R3), notices to the owner.

-- What an application key may do beside a back end's own calls: `admin`, or nothing.
ALTER TABLE app_key ADD COLUMN scopes TEXT NOT NULL DEFAULT '';

ALTER TABLE session ADD COLUMN app_key   TEXT NOT NULL DEFAULT '';  -- which opened it
ALTER TABLE session ADD COLUMN challenge TEXT NOT NULL DEFAULT '';  -- of purpose `challenge`: the one it answers
ALTER TABLE session ADD COLUMN scopes    TEXT NOT NULL DEFAULT '';  -- of purpose `admin`, with commas

-- Where notices go: the primary address, as the back end supplied it last.
CREATE TABLE contact (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    issuer     TEXT    NOT NULL,  -- the site's name, for the texts
    key_id     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,  -- the address
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (realm, user)
) STRICT, WITHOUT ROWID;

-- All methods are rows of `credential`. `sealed` holds an address, or the questions of a set.
ALTER TABLE credential ADD COLUMN digest      BLOB;                        -- of security questions: of the one stretched secret
ALTER TABLE credential ADD COLUMN uses        INTEGER NOT NULL DEFAULT 0;  -- of security questions: how often they let in
ALTER TABLE credential ADD COLUMN usable_from INTEGER NOT NULL DEFAULT 0;  -- of an alternate address (R23)

-- Which of the alternates a user picked (U10); nothing: the administrator's.
CREATE TABLE alternate_choice (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    alternates TEXT    NOT NULL,  -- with commas
    at         INTEGER NOT NULL,
    PRIMARY KEY (realm, user)
) STRICT, WITHOUT ROWID;

-- One login's second factor. `stage` says what is proven, never what comes next (R11); every change compares it.
CREATE TABLE challenge (
    realm               TEXT    NOT NULL,
    user                TEXT    NOT NULL,
    challenge           TEXT    NOT NULL,
    app_key             TEXT    NOT NULL,
    receipt_purpose     TEXT    NOT NULL,
    context             TEXT    NOT NULL,
    first_factor_method TEXT    NOT NULL,  -- empty: none was named, so there is no fallback (R5)
    first_factor_at     INTEGER NOT NULL,
    stage               INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    expires_at          INTEGER NOT NULL,
    passed_at           INTEGER,           -- when enough was proven
    fallback            INTEGER NOT NULL DEFAULT 0 CHECK (fallback IN (0, 1)),
    recovery            INTEGER NOT NULL DEFAULT 0 CHECK (recovery IN (0, 1)),
    receipt_lookup      BLOB UNIQUE,
    receipt_expires_at  INTEGER,
    redeemed_at         INTEGER,
    PRIMARY KEY (realm, user, challenge)
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_expiry ON challenge (expires_at);

-- What became of each attempt, so that one sent twice costs nothing (R4).
CREATE TABLE challenge_attempt (
    realm       TEXT    NOT NULL,
    user        TEXT    NOT NULL,
    challenge   TEXT    NOT NULL,
    attempt     TEXT    NOT NULL,
    ok          INTEGER NOT NULL CHECK (ok IN (0, 1)),
    retry_at    INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (realm, user, challenge, attempt)
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_attempt_expiry ON challenge_attempt (expires_at);

-- A code that was mailed: one for each address and request; a resend replaces it. Its failures count on the
-- address's credential (R13).
CREATE TABLE mail_code (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    credential TEXT    NOT NULL,  -- the address it went to
    bound_to   TEXT    NOT NULL,  -- the challenge, or the session of a set-up
    digest     BLOB    NOT NULL,
    tries_left INTEGER NOT NULL,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (realm, user, credential, bound_to)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_code_expiry ON mail_code (expires_at);

-- How often mail may go to an address, whoever asks: 1 a minute, 5 an hour, 10 a day (R23). `address` is a keyed hash.
CREATE TABLE mail_allowance (
    realm      TEXT    NOT NULL,
    address    BLOB    NOT NULL,
    last_at    INTEGER NOT NULL,
    hour_start INTEGER NOT NULL,
    hour_count INTEGER NOT NULL,
    day_start  INTEGER NOT NULL,
    day_count  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (realm, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_allowance_expiry ON mail_allowance (expires_at);

-- Mail on its way. A code mail is sealed and dropped at the code's expiry; a notice holds no secret, and its
-- addresses are looked up when it is sent. Rows are erased on send; dead letters keep the envelope.
CREATE TABLE outbox (
    realm        TEXT    NOT NULL,
    user         TEXT    NOT NULL,
    mail         TEXT    NOT NULL,  -- random; becomes the Message-ID
    kind         TEXT    NOT NULL,  -- a template's name
    key_id       TEXT    NOT NULL,
    sealed       BLOB,              -- address and values, of a mail to an address of its own
    method       TEXT    NOT NULL,  -- of a notice
    detail       TEXT    NOT NULL,  -- of a notice: its numbers
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    attempts     INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'dead')),
    reply_code   INTEGER NOT NULL,  -- of the last try; 0: nobody answered
    PRIMARY KEY (realm, user, mail)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'waiting';
