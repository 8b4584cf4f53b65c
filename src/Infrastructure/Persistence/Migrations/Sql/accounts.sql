-- API keys, browser sessions, blocked users, idempotency keys, and secrets that the nodes share.

ALTER TABLE api_key ADD CONSTRAINT ck_api_key_kind CHECK (kind IN ('live', 'sandbox'));

-- A table, not a column of app_user: it is nearly always empty, so a claim looks into it at no cost.
CREATE TABLE blocked_owner (
  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
  blocked_by uuid NOT NULL,
  blocked_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE idempotency_key (
  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  key_hash bytea NOT NULL,
  request_hash bytea NOT NULL,
  answer bytea,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, key_hash));
CREATE INDEX ix_idempotency_key_created_at ON idempotency_key (created_at);

-- Shared by the nodes of one database and never shown to a client, such as the key of unsubscribe links.
CREATE TABLE secret (
  name text PRIMARY KEY,
  value bytea NOT NULL,
  created_at timestamptz NOT NULL);

-- Browser sessions. The cookie has a random secret of 256 bits; only its SHA-256 is stored. A session that began with an API key is valid
-- for as long as the key. Another one has the values of Authentication:Authority and Authentication:RequiredClaim that admitted its token, and
-- the entry of Authentication:Operators that matched it, so that each request is checked against the current settings.
CREATE TABLE session (
  id_hash bytea PRIMARY KEY,
  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  api_key_id uuid REFERENCES api_key (id) ON DELETE CASCADE,
  authority text,
  required_claim text,
  operator_rule text,
  created_at timestamptz NOT NULL,
  used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL);
CREATE INDEX ix_session_owner_id ON session (owner_id, created_at);
CREATE INDEX ix_session_api_key_id ON session (api_key_id) WHERE api_key_id IS NOT NULL;
CREATE INDEX ix_session_expires_at ON session (expires_at);
