-- The ledger. Everything here but events, signatures, certificates and heads can be computed from
-- the events; cel_ledger_check() does. source 1 is this ledger, others are ledgers that were taken
-- over from elsewhere (a tablet's).
CREATE TABLE source(
  id INTEGER PRIMARY KEY,
  ledger TEXT NOT NULL UNIQUE          -- 32 hex digits
) STRICT;
CREATE TABLE event(
  source INTEGER NOT NULL,
  seq INTEGER NOT NULL,                -- from 1 without a gap
  record BLOB NOT NULL,                -- canonical JSON, exactly what was signed
  PRIMARY KEY(source, seq)
) STRICT;
CREATE TABLE certificate(
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,         -- of the DER
  der BLOB NOT NULL
) STRICT;
CREATE TABLE signature(
  source INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  second INTEGER NOT NULL,             -- 1: the second person's
  signer INTEGER NOT NULL,             -- CelSigner: 0 SM2, 1 Ed25519
  signature BLOB NOT NULL,
  certificate INTEGER NOT NULL REFERENCES certificate(id),
  PRIMARY KEY(source, seq, second, signer)
) STRICT, WITHOUT ROWID;
-- Complete subtrees of both trees in the order in which they become complete: behind each leaf those
-- that it closes. So every append writes at the end. cel_ledger_node_place() gives the place.
CREATE TABLE node(
  source INTEGER NOT NULL,
  place INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  sm3 BLOB NOT NULL,
  PRIMARY KEY(source, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE head(
  source INTEGER NOT NULL,
  size INTEGER NOT NULL,
  record BLOB NOT NULL,                -- canonical JSON, exactly what was signed
  PRIMARY KEY(source, size)
) STRICT;
CREATE TABLE head_signature(
  source INTEGER NOT NULL,
  size INTEGER NOT NULL,
  signer INTEGER NOT NULL,
  signature BLOB NOT NULL,
  certificate INTEGER NOT NULL REFERENCES certificate(id),
  PRIMARY KEY(source, size, signer)
) STRICT, WITHOUT ROWID;
