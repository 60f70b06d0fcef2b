-- SPDX-License-Identifier: Apache-2.0
-- Schema 5, written by make.mjs; see there.
PRAGMA application_id=1129531219;
PRAGMA user_version=5;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE state (
    one            INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch          INTEGER NOT NULL,  -- raised by each restore (R17)
    floor_time     INTEGER NOT NULL,  -- nothing is accepted whose step or issue time is not after it (R17)
    high_water     INTEGER NOT NULL,  -- the latest time the server has decided with (R16)
    clock_confirms INTEGER NOT NULL,  -- how often an operator has confirmed the clock (R16)
    commits        INTEGER NOT NULL,  -- batches committed
    key_check      BLOB               -- tells a wrong master key before it does harm
) STRICT;
INSERT INTO state VALUES(1,1,-86400,1700000000,0,17,X'173af1fc97447290830361d74017c898d912b1f00a758590c59c2c8d4363f74d');
CREATE TABLE realm (
    realm      TEXT    NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
, policy_version INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO realm VALUES('default',0,1);
CREATE TABLE app_key (
    realm      TEXT    NOT NULL,
    app_key    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    lookup     BLOB    NOT NULL UNIQUE,
    binding    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER, scopes TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (realm, app_key)
) STRICT, WITHOUT ROWID;
INSERT INTO app_key VALUES('default','app_u5qqjlcdec6s2gzq','bank',X'73976c438da99d6dc275db00cf7db95dff469f06a2aa781b5b921a4e6f801d35',X'c1a702d954fa8a39746b485220f7ac4c6b9df34a29d39af639b0581600209c03',1795351115,NULL,'');
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
    expires_at INTEGER NOT NULL, elevated_until INTEGER NOT NULL DEFAULT 0, recovery INTEGER NOT NULL DEFAULT 0 CHECK (recovery IN (0, 1)), app_key   TEXT NOT NULL DEFAULT '', challenge TEXT NOT NULL DEFAULT '', scopes    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (realm, user, session)
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES('default','ann','ses_bu7g4l7moawzftys','manage','ann','Bank',X'f6e6bc4e1f96cd4f35a903e592877786296683a0f11e0b4385b943a818963be5',X'6b5e5b26d4eda574ea5f3817de64c23cf02600eed803658ade8a124ea9bf0b71',1795351117,1795352017,0,0,'app_u5qqjlcdec6s2gzq','','');
INSERT INTO session VALUES('default','cat','ses_zfa6djbrdw7xcf5v','manage','ann@example.org','Bank',X'dff52860df4d08de8fda86aef17ccdc4f2c1b4f229951a58ca5f7b9f947bff81',X'bb8a8a351e82688ef09de0c3b8391061584bc823d8aa71de340cd8ec81fe8992',1795351115,1795352015,0,0,'app_u5qqjlcdec6s2gzq','','');
INSERT INTO session VALUES('default','dan','ses_p4l5gmnwwn5nlmwd','manage','ann@example.org','Bank',X'1f7ebfce0b68e5cb498124ccb357d4542cc557a129d5b592cce8fdaf13f218c5',X'568b4920ced274e3736728eff3e2de8489134cec8535f989283b03fb677a95f6',1795351115,1795352015,0,0,'app_u5qqjlcdec6s2gzq','','');
INSERT INTO session VALUES('default','dan','ses_vdonxu4ymxqfvcgw','manage','ann@example.org','Bank',X'13ac7e990f57df56ae94663439620a4659d686de785413acd6156cb7b8b85d22',X'ec8750e41c2af11e1c27c050578ad2533c87c0b2d1bf1bab72a5a9da86f55d24',1795351116,1795352016,1795351716,0,'app_u5qqjlcdec6s2gzq','','');
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
    session         TEXT, name TEXT NOT NULL DEFAULT '', replaces TEXT, elevated INTEGER NOT NULL DEFAULT 0 CHECK (elevated IN (0, 1)), box_key BLOB, box BLOB, recovery INTEGER NOT NULL DEFAULT 0 CHECK (recovery IN (0, 1)), digest      BLOB, uses        INTEGER NOT NULL DEFAULT 0, usable_from INTEGER NOT NULL DEFAULT 0,              -- which a pending one belongs to
    PRIMARY KEY (realm, user, credential),
    CHECK ((status = 'pending') = (slot IS NULL)),
    CHECK ((status = 'pending') = (session IS NOT NULL AND expires_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO credential VALUES('default','ann','crd_zobhm33mv2lbnt63','totp','active',0,59845037,0,0,0,0,1,1795351115,'sha1',6,30,'540f03a9252f3ce8',X'ad4b194ad93a5e280a41c11525904cb7dae2fe1df54c029d94fac173a01408e025be024928a26c7090137b18d5b17903fedb0d7ba1585b16813450d1',1795351115,1795351115,NULL,NULL,'',NULL,0,NULL,NULL,0,NULL,0,0);
INSERT INTO credential VALUES('default','ben','crd_2qlzny3y6hx6prbr','totp','active',0,-1,1,0,1795351115,1,0,NULL,'sha1',6,30,'540f03a9252f3ce8',X'2d00a8cfefb927cc48463137647be2ca22848deb395b812826d7c9b693db11c93833e0c8d6cf67cd4470975ccefb07d3373f5261bd6eadf17a462f33',1795351115,1795351115,NULL,NULL,'',NULL,0,NULL,NULL,0,NULL,0,0);
INSERT INTO credential VALUES('default','cat','crd_z4qgof2ca2qtn6v4','totp','active',0,59845037,0,0,0,0,0,NULL,'sha1',6,30,'540f03a9252f3ce8',X'e37a0ea994b98f9912c60f9865e09847385a4852112ca598abbe5a73728b902a020fde61194320c811c2e5df008eec1fe9d40e3a3c0bea788d5c3678',1795351115,1795351115,NULL,NULL,'',NULL,0,NULL,NULL,0,NULL,0,0);
INSERT INTO credential VALUES('default','dan','crd_g5czppgar4sk4idi','totp','active',0,59845038,0,0,0,0,1,1795351116,'sha1',6,30,'540f03a9252f3ce8',X'53187a11274d33cb9afd32c99b29287c1547ab478fcd542fad46a1a5654aeb7790f2fe6ff61d41acf026382321a971d3bdccc53e8bd2d1ac2503b447',1795351115,1795351115,NULL,NULL,'',NULL,0,NULL,NULL,0,NULL,0,0);
INSERT INTO credential VALUES('default','dan','crd_h5p2e64ewoczg6ko','static_codes','active',0,-1,0,0,0,0,1,1795351117,'sha1',6,30,'540f03a9252f3ce8',X'00',1795351117,1795351117,NULL,NULL,'',NULL,0,NULL,NULL,0,NULL,0,0);
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
CREATE TABLE audit (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    nonce      BLOB    NOT NULL,  -- 16 random bytes: keeps a hash of the row from being guessed (R26)
    event      TEXT    NOT NULL,
    method     TEXT    NOT NULL,
    credential TEXT    NOT NULL,
    detail     TEXT    NOT NULL, number      INTEGER, record_hash BLOB, chain_head  BLOB,
    PRIMARY KEY (realm, user, at, nonce)
) STRICT, WITHOUT ROWID;
INSERT INTO audit VALUES('default','',1795351115,X'06791a33b2fb3e4c69177e1074e8da2e','app_key.created','','app_u5qqjlcdec6s2gzq','bank',1,X'f6d41bc0b95061eee50a795e8d62845366b625ce5f4805312084e404e561343b',X'032e98b505ecd7e331b61eeaba6fef26cad755a39241b6e77bc34b001b01a7cf');
INSERT INTO audit VALUES('default','',1795351115,X'7efa5e60b1701ec871026dd652310b41','policy.changed','','','version=1 who=test',2,X'41debd2256eb2dea10736b1b139502496eac1e0c06c1c596bf2aed9d064504c7',X'ec716fc7d097bb156d2baa0d1c5388f8dae6fd74add61353dbc35afbe0d15c95');
INSERT INTO audit VALUES('default','',1795351115,X'ec06dfc86c36c6de561374161549f1ab','users.imported','totp','','2',3,X'bf23753a39e5f7cc31b1643c7c2850b66cb8a635857b3050a8711db2d98ec3d9',X'cc8d8a158583941dabc235c02bf011ede1a2e4a1c5097d7ffb664a524982db14');
INSERT INTO audit VALUES('default','cat',1795351115,X'8d9d7896904635160690e81e9993a7aa','credential.enrolled','totp','crd_z4qgof2ca2qtn6v4','',4,X'692f4a2f4694f90fbe696463ea1803bb00e36801cecf3375cea1a04c795fca7c',X'da7e0c4cb60fb2f782587c0650dfa102dc926e847c58a70e107580b0c7987f5f');
INSERT INTO audit VALUES('default','dan',1795351115,X'72596a79180dd22863c082d9ef7341e6','credential.enrolled','totp','crd_g5czppgar4sk4idi','',5,X'e518c943fe7d7e13da23dd7fd953306348253bbc5c2bd3573847f93cf199f3aa',X'84f8ee9f08efdb27617bfb857a46460c1990dcb61824eb194ec2f8aa228e15c1');
INSERT INTO audit VALUES('default','dan',1795351116,X'7f3f1dd27774dc5c6da38abe1d793d0d','session.elevated','totp','crd_g5czppgar4sk4idi','session=ses_vdonxu4ymxqfvcgw',6,X'01ce0db595c66aed135a2a6db6d6e0dcfe31c9e20c4e9c2ca7029fa5adf4a78a',X'978436d42b9dad53f62ede3bc8c7bfd3d2eae6f3831aa478d125b1a478c2557c');
INSERT INTO audit VALUES('default','dan',1795351117,X'00037a49f9eaec291e3d562fa5950b4c','static_codes.replaced','static_codes','crd_h5p2e64ewoczg6ko','codes=10',7,X'1fac234b8da75b59a50a398c6fbb53fc0c776eb014208c5b4aee47c271a5c22a',X'04abb3bc88bdcd996596a0a0beacb3baf4e63a68dda7d4483939adf3ea37c8f5');
INSERT INTO audit VALUES('default','dan',1795351117,X'73a779a0cc42bd50f8e05a249f730e3e','security_code.used','static_codes','crd_h5p2e64ewoczg6ko','remaining=9',8,X'fdf06bc19543a67c159e088cc03bf873d786d168554ce4a7ac8d83c01ae305a6',X'23dad856240157745eabf6a071a55435ef251577eeceb1333128e0049c86ee91');
CREATE TABLE audit_chain (
    one          INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    size         INTEGER NOT NULL,
    head         BLOB    NOT NULL,
    sealer       TEXT    NOT NULL,
    leased_until INTEGER NOT NULL,
    signed_epoch INTEGER NOT NULL,  -- of the last checkpoint
    signed_size  INTEGER NOT NULL
) STRICT;
INSERT INTO audit_chain VALUES(1,8,X'23dad856240157745eabf6a071a55435ef251577eeceb1333128e0049c86ee91','',0,1,8);
CREATE TABLE audit_checkpoint (
    epoch     INTEGER NOT NULL,
    size      INTEGER NOT NULL,
    head      BLOB    NOT NULL,
    time      INTEGER NOT NULL,
    signature BLOB    NOT NULL,  -- by a key that the store does not hold
    PRIMARY KEY (epoch, size)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_checkpoint VALUES(1,6,X'978436d42b9dad53f62ede3bc8c7bfd3d2eae6f3831aa478d125b1a478c2557c',1795351116,X'16048a39d8d21d928f2336bc574b1d0e15e0455d096b4b9b57bad9d70d0ef6caafcd4cffd3ef422f63a9cb746e4f8d3484c20b4315f0dadbe952cd76a8772204');
INSERT INTO audit_checkpoint VALUES(1,8,X'23dad856240157745eabf6a071a55435ef251577eeceb1333128e0049c86ee91',1795351117,X'f0afc578a575e700376b1cce321c31732a95a5d5356cfc17deb3d28d5ca71afa91492daef2ad8da3aaf0851c1fc89d7e3dda0db7a0f0312b41edaf598a2a8708');
CREATE TABLE policy (
    realm    TEXT    NOT NULL,
    version  INTEGER NOT NULL CHECK (version > 0),
    document TEXT    NOT NULL,
    who      TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (realm, version)
) STRICT, WITHOUT ROWID;
INSERT INTO policy VALUES('default',1,'{"login_methods":{"totp":true,"email":false},"allow_none":false,"require_setup":false,"forgot_phone":{"enabled":false,"alternate":"kba_email","user_choice":false,"offered":["kba_email"]},"security_codes":{"enabled":true,"kind":"static","backup_code_hours":24},"kba":{"questions":3,"catalog":true,"own":false},"totp":{"past_steps":1,"future_steps":1},"email_codes":{"digits":6,"life_seconds":600,"tries":5},"counting":{"pause_from_failure":5,"pause_start_seconds":30,"pause_cap_seconds":3600,"notice_at":50,"disable_at":100},"recovery_hold_hours":24,"alternate_hold_hours":24}','test',1795351115);
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
INSERT INTO security_code VALUES('default','dan',X'30eed0eb70cbf29d00c06d9ff3186df4506bdd1d3c8509d95355e1713d703fbb','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'5501be461acaafae52bda12f3de7e4c9e6d50486d028edee75281e829c282fba','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'68a09ec65ea756e2eae50cb09d5a63f8b6c0877647371cea300f272b8852dea5','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'691c4b550ce17fe01bd9f7c9a4a9c16adae6ca4a3cf6a4ae98667e8fd0fb96e2','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'6eea989d38723201dd773163cb9e59f5eeaa601371c01b9663a5469b8a21b9b5','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,1795351117);
INSERT INTO security_code VALUES('default','dan',X'84354c81cbcbfd226f8c138eca4fc6de6d0fe2181392a73b353fbf8ea9b4f0ab','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'9bd8e8a68ca769a0ede261d134010c18b63cf24d9978c6746bc845d7061ea412','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'a2b307b48caeb3603a6af41fe4556c3513757c8d4609a3becc709b430b61f95a','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'b0a59ccb28beabeefb1489bbb63816e4d2e9ac61a390b32ec86adb08127eb859','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
INSERT INTO security_code VALUES('default','dan',X'e22f1dcff78a1d75493a53b80b061b108735b36e7238f0a476645d3fe7fd470d','crd_h5p2e64ewoczg6ko','static_codes','540f03a9252f3ce8',1795351117,NULL,NULL);
CREATE TABLE contact (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    issuer     TEXT    NOT NULL,  -- the site's name, for the texts
    key_id     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,  -- the address
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (realm, user)
) STRICT, WITHOUT ROWID;
INSERT INTO contact VALUES('default','ann','Bank','540f03a9252f3ce8',X'81079037dd4dfb53f2db604a373b27277ef34e46a5b92d9b810632cf712f46011fc1ae0d7e9d07dac625b258a95f9cc500bb6275ac69c1',1795351117);
CREATE TABLE alternate_choice (
    realm      TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    alternates TEXT    NOT NULL,  -- with commas
    at         INTEGER NOT NULL,
    PRIMARY KEY (realm, user)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX session_expiry ON session (expires_at);
CREATE UNIQUE INDEX credential_slot ON credential (realm, user, method, slot) WHERE slot IS NOT NULL;
CREATE INDEX credential_expiry ON credential (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX unknown_user_expiry ON unknown_user (expires_at);
CREATE UNIQUE INDEX audit_number ON audit (number) WHERE number IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (at) WHERE number IS NULL;
CREATE INDEX security_code_set ON security_code (realm, user, credential);
CREATE INDEX challenge_expiry ON challenge (expires_at);
CREATE INDEX challenge_attempt_expiry ON challenge_attempt (expires_at);
CREATE INDEX mail_code_expiry ON mail_code (expires_at);
CREATE INDEX mail_allowance_expiry ON mail_allowance (expires_at);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'waiting';
COMMIT;
