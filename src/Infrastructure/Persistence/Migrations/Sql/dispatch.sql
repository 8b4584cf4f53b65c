-- The outbox, circuit breakers, and what the engine keeps about its own work.

-- At most one live job an instance: the table's key is the instance alone. EF Core's has the job's id too (see InstanceConfiguration).
ALTER TABLE step_job
  DROP CONSTRAINT pk_step_job,
  ADD CONSTRAINT pk_step_job PRIMARY KEY USING INDEX ix_step_job_instance_id;

-- The number of the node's claim that leased the job: a node whose claim got no answer finds the jobs of that claim. EF Core does not know it.
ALTER TABLE step_job ADD COLUMN claim_number integer;

ALTER TABLE step_job
  ADD CONSTRAINT ck_step_job_state CHECK (state IN ('ready', 'leased', 'parked', 'in_doubt')),
  ADD CONSTRAINT ck_step_job_lease CHECK ((state = 'leased') = (owner IS NOT NULL AND lease_until IS NOT NULL)),
  ADD CONSTRAINT ck_step_job_parked CHECK ((state = 'parked') = (parked_at IS NOT NULL AND park_reason IS NOT NULL));

-- The order in which the jobs of an unblocked user are released. It does not name state, so a claim touches no index.
CREATE INDEX ix_step_job_owner_blocked ON step_job (owner_id, due_at, is_first, in_line_since, id) WHERE park_reason = 'ownerBlocked';

-- The pace at which the jobs of an unblocked user are released.
CREATE TABLE release_pace (
  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
  next_slot timestamptz NOT NULL);

-- After an outage, steps due until backlog_until are the channel's backlog; its pace is used up until paced_until.
CREATE TABLE channel_breaker (
  channel text PRIMARY KEY,
  failures int NOT NULL DEFAULT 0,
  trips int NOT NULL DEFAULT 0,
  open_until timestamptz,
  backlog_until timestamptz,
  paced_until timestamptz,
  cause text,
  evidence jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT ck_channel_breaker_backlog CHECK ((backlog_until IS NULL) = (paced_until IS NULL)));
INSERT INTO channel_breaker (channel) VALUES ('EMAIL'), ('SMS');

-- The transitions of the breakers, for operators.
CREATE TABLE breaker_transition (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel text NOT NULL REFERENCES channel_breaker (channel),
  state text NOT NULL CHECK (state IN ('opened', 'probeFailed', 'closed')),
  cause text,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ix_breaker_transition_channel ON breaker_transition (channel, id);

-- The running nodes. Each one renews its row every five seconds. lag counts claims by how late they were, on a logarithmic scale;
-- clock_ahead is how far the node's clock is ahead of the database's.
CREATE TABLE node (
  id text PRIMARY KEY,
  role text NOT NULL,
  version text NOT NULL,
  lanes int NOT NULL,
  busy int NOT NULL,
  lag int[] NOT NULL,
  clock_ahead interval NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL) WITH (fillfactor = 50);

-- A row for each unit of work that was committed lately: a node that lost the answer to a commit finds its outcome here.
CREATE TABLE commit_proof (
  id uuid PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ix_commit_proof_created_at ON commit_proof (created_at);

CREATE TABLE provider_event (
  id uuid PRIMARY KEY,
  owner_id uuid,
  provider text NOT NULL,
  provider_event_id text NOT NULL,
  attempt_id uuid,
  type text NOT NULL,
  payload jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  UNIQUE (provider, provider_event_id));
CREATE INDEX ix_provider_event_attempt_id ON provider_event (attempt_id);
CREATE INDEX ix_provider_event_received_at ON provider_event (received_at);
