-- Statistics of steps and counts of instances (ADR 44). Triggers fill them in the transaction that makes the change. A statement adds rows of its
-- own to a delta table and touches no row that another transaction writes. A job folds the deltas later; the views sum both.

-- Folded by day, by month and for all time, so a question about years does not read each day.
CREATE TABLE step_stat (
  owner_id uuid NOT NULL,
  sequence_id uuid NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
  version int NOT NULL,
  step_index int NOT NULL,
  variant text NOT NULL,
  metric text NOT NULL,
  span text NOT NULL CHECK (span IN ('day', 'month', 'all')),
  day date NOT NULL,
  bucket int NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (sequence_id, span, day, version, step_index, variant, metric, bucket)) WITH (fillfactor = 80);

-- The days of all sequences of an owner, without the buckets of elapsed times.
CREATE INDEX ix_step_stat_owner_day ON step_stat (owner_id, day) WHERE span = 'day' AND metric <> 'elapsed';

CREATE TABLE step_stat_delta (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id uuid NOT NULL,
  sequence_id uuid NOT NULL,
  version int NOT NULL,
  step_index int NOT NULL,
  variant text NOT NULL,
  metric text NOT NULL,
  day date NOT NULL,
  bucket int NOT NULL,
  -- For what is sent: the ten seconds in which it was.
  slice timestamptz,
  count bigint NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- How many messages an owner sent in ten seconds of the last day, folded from the rows above.
CREATE TABLE sent_slice (
  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  slice timestamptz NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (owner_id, slice)) WITH (fillfactor = 80);
CREATE INDEX ix_sent_slice_slice ON sent_slice (slice);

CREATE VIEW step_stat_sum AS
  SELECT owner_id, sequence_id, version, step_index, variant, metric, span, day, bucket, count FROM step_stat
  UNION ALL
  SELECT owner_id, sequence_id, version, step_index, variant, metric, 'new', day, bucket, count FROM step_stat_delta;

-- What an event counts as. An answer that ends an instance counts at the last message before it, too: a stop names no step.
CREATE FUNCTION follow_up_event_count() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO step_stat_delta (owner_id, sequence_id, version, step_index, variant, metric, day, bucket, slice, count)
  SELECT e.owner_id, e.sequence_id, coalesce(m.version, e.version), coalesce(m.step_index, -1), coalesce(m.variant, ''), m.metric,
         (e.sent_at AT TIME ZONE 'UTC')::date, coalesce(m.bucket, 0),
         CASE WHEN m.metric = 'sent' THEN date_bin('10 s', e.sent_at, 'epoch') END, count(*)
  FROM added e CROSS JOIN LATERAL (
    SELECT e.version, e.step_index, e.content ->> 'variant' AS variant, e.status AS metric, NULL::int AS bucket
    WHERE e.status IS NOT NULL
    UNION ALL
    SELECT e.version, e.step_index, '', 'elapsed', round(ln(1 + greatest((e.content ->> 'elapsedMs')::float8, 0)) * 32)::int
    WHERE e.status IN ('sent', 'skipped', 'completed') AND e.content ->> 'elapsedMs' IS NOT NULL
    UNION ALL
    SELECT e.version, NULL, NULL, e.type, NULL WHERE e.type IN ('enrolled', 'completed')
    UNION ALL
    SELECT e.version, e.step_index, e.content ->> 'variant', e.type, NULL
    WHERE e.type IN ('migrated', 'delivered', 'opened', 'clicked', 'bounced', 'complained')
    UNION ALL
    SELECT e.version, NULL, NULL, 'stopped.' || (e.content ->> 'reason'), NULL WHERE e.type = 'stopped'
    UNION ALL
    (SELECT s.version, s.step_index, s.content ->> 'variant', e.content ->> 'reason', NULL
     FROM follow_up_event s
     WHERE e.type = 'stopped' AND e.content ->> 'reason' IN ('replied', 'unsubscribed')
       AND s.instance_id = e.instance_id AND s.number < e.number AND s.status = 'sent'
     ORDER BY s.number DESC LIMIT 1)) m
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
  RETURN NULL;
END $$;

CREATE TRIGGER follow_up_event_count AFTER INSERT ON follow_up_event
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_count();

-- How many instances a sequence has in each status: counting them for each list would read them all.
CREATE TABLE instance_count (
  sequence_id uuid NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
  status text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (sequence_id, status)) WITH (fillfactor = 50);

CREATE TABLE instance_count_delta (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sequence_id uuid NOT NULL,
  status text NOT NULL,
  count bigint NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE VIEW instance_count_sum AS
  SELECT sequence_id, status, count FROM instance_count
  UNION ALL
  SELECT sequence_id, status, count FROM instance_count_delta;

CREATE FUNCTION instance_count_added() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO instance_count_delta (sequence_id, status, count) SELECT sequence_id, status, count(*) FROM added GROUP BY 1, 2;
  RETURN NULL;
END $$;

CREATE FUNCTION instance_count_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO instance_count_delta (sequence_id, status, count)
  SELECT sequence_id, status, sum(n) FROM (
    SELECT sequence_id, status, 1 AS n FROM added UNION ALL SELECT sequence_id, status, -1 FROM gone) moved
  GROUP BY 1, 2 HAVING sum(n) <> 0;
  RETURN NULL;
END $$;

CREATE FUNCTION instance_count_gone() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO instance_count_delta (sequence_id, status, count) SELECT sequence_id, status, -count(*) FROM gone GROUP BY 1, 2;
  RETURN NULL;
END $$;

CREATE TRIGGER instance_count_added AFTER INSERT ON instance
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION instance_count_added();
CREATE TRIGGER instance_count_changed AFTER UPDATE ON instance
  REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION instance_count_changed();
CREATE TRIGGER instance_count_gone AFTER DELETE ON instance
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION instance_count_gone();
