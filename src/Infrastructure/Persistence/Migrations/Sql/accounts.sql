-- API keys, blocked users, idempotency keys, and secrets that the nodes share.

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
