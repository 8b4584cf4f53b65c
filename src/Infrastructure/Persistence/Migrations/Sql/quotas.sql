-- Limits of users, and what was counted against them and against the operator's ceilings. Users without limits have no row.

CREATE TABLE send_limit (
  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
  time_zone text NOT NULL,
  mails_per_day int CHECK (mails_per_day > 0),
  min_gap interval,
  ramp_start int CHECK (ramp_start > 0),
  ramp_per_day int CHECK (ramp_per_day > 0),
  ramp_since date,
  per_recipient_per_day int CHECK (per_recipient_per_day > 0),
  CHECK ((ramp_start IS NULL) = (ramp_per_day IS NULL) AND (ramp_start IS NULL) = (ramp_since IS NULL)));

CREATE TABLE send_count (
  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
  day date NOT NULL,
  taken int NOT NULL,
  last_at timestamptz) WITH (fillfactor = 50);

CREATE TABLE recipient_count (
  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  address text NOT NULL,
  day date NOT NULL,
  taken int NOT NULL,
  PRIMARY KEY (owner_id, address, day));
CREATE INDEX ix_recipient_count_day ON recipient_count (day);

CREATE TABLE ceiling_count (
  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  channel text NOT NULL,
  day date NOT NULL,
  taken int NOT NULL,
  PRIMARY KEY (owner_id, channel, day));
