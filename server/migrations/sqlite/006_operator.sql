-- SPDX-License-Identifier: Apache-2.0
-- What an operator needs: a store that can be told from its own past (R17), a master key that can be replaced (R20),
-- and which pages may call an application key's routes (R7).

-- Space-separated origins, each written as a browser sends it; nothing: no page of another origin may call.
ALTER TABLE app_key ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT '';

-- Names this store, and every copy of it, in the guard file. One that is upgraded has the name from its first application
-- key, by which alone codes can be checked: a copy from before the upgrade comes by the same name when it is upgraded.
ALTER TABLE state ADD COLUMN store_id TEXT NOT NULL DEFAULT '';
UPDATE state SET store_id = coalesce(
    (SELECT lower(hex(substr(app_key, -16))) FROM app_key ORDER BY created_at, app_key LIMIT 1), lower(hex(randomblob(16))));

-- Which master keys this store has had. `previous`: a rotation is under way and rows may still be sealed under it.
CREATE TABLE master_key (
    key_id TEXT    NOT NULL PRIMARY KEY,
    status TEXT    NOT NULL CHECK (status IN ('current', 'previous', 'retired')),
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One that is in use, and at most one that is being replaced.
CREATE UNIQUE INDEX master_key_in_use ON master_key (status) WHERE status <> 'retired';

-- What a rotation keeps: keys that only hash (tokens, salts and digests stay valid), and the public halves of the keys
-- that signed the audit log before. Sealed under the current master key.
CREATE TABLE kept_key (
    name   TEXT NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Nothing more is sealed under a key once its replacement has begun, by whichever process: so a rotation comes to an end.
CREATE TRIGGER credential_key_added BEFORE INSERT ON credential
WHEN EXISTS (SELECT 1 FROM master_key WHERE key_id = NEW.key_id AND status <> 'current')
BEGIN SELECT RAISE(ABORT, 'sealed under a master key that is being replaced'); END;
CREATE TRIGGER credential_key_changed BEFORE UPDATE OF key_id ON credential
WHEN EXISTS (SELECT 1 FROM master_key WHERE key_id = NEW.key_id AND status <> 'current')
BEGIN SELECT RAISE(ABORT, 'sealed under a master key that is being replaced'); END;
CREATE TRIGGER contact_key_added BEFORE INSERT ON contact
WHEN EXISTS (SELECT 1 FROM master_key WHERE key_id = NEW.key_id AND status <> 'current')
BEGIN SELECT RAISE(ABORT, 'sealed under a master key that is being replaced'); END;
CREATE TRIGGER contact_key_changed BEFORE UPDATE OF key_id ON contact
WHEN EXISTS (SELECT 1 FROM master_key WHERE key_id = NEW.key_id AND status <> 'current')
BEGIN SELECT RAISE(ABORT, 'sealed under a master key that is being replaced'); END;
CREATE TRIGGER outbox_key_added BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM master_key WHERE key_id = NEW.key_id AND status <> 'current')
BEGIN SELECT RAISE(ABORT, 'sealed under a master key that is being replaced'); END;
CREATE TRIGGER outbox_key_changed BEFORE UPDATE OF key_id ON outbox
WHEN EXISTS (SELECT 1 FROM master_key WHERE key_id = NEW.key_id AND status <> 'current')
BEGIN SELECT RAISE(ABORT, 'sealed under a master key that is being replaced'); END;
