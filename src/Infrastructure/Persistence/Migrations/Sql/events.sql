-- The log: append-only guards, positions and their horizon, checkpoints, tombstones of deleted sequences.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- Most events are the engine's.
ALTER TABLE follow_up_event ALTER COLUMN actor_kind SET DEFAULT 'engine';
ALTER TABLE sequence_migration ALTER COLUMN actor_kind SET DEFAULT 'engine';

CREATE TRIGGER follow_up_event_no_change BEFORE UPDATE ON follow_up_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER follow_up_event_no_truncate BEFORE TRUNCATE ON follow_up_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Events go only with their sequence, which is marked as deleted or already gone. One look for a whole statement: a mass deletion asks once for
-- a thousand rows. The function's search_path ends with pg_temp: otherwise a temporary table named "sequence" would be found first and tell
-- the guard that the sequence is gone.
CREATE FUNCTION follow_up_event_no_delete() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM gone g JOIN sequence s ON s.id = g.sequence_id WHERE s.deleted_at IS NULL) THEN
    RAISE EXCEPTION 'follow_up_event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER follow_up_event_no_delete AFTER DELETE ON follow_up_event
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_no_delete();

-- Every event has a position in the log. Readers order by it and stop at the horizon: the last position that no running transaction can
-- still write at or before (ADR 68).
--
-- A writer announces itself before it draws its first position, by a shared advisory lock that it keeps until its transaction ends. The
-- lock's key holds the last position drawn so far by any writer: all positions of this writer are later. A reader looks at the positions drawn
-- so far first and at the locks second. A writer that drew one of those positions had announced itself before, so either its lock is seen,
-- or its transaction is over and the reader's next statement sees its events.
--
-- Only transactions that write events hold readers back. A dump, a report or a forgotten session does not.
CREATE FUNCTION follow_up_event_announce() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  -- One lock a transaction is enough, and locks are few: the first one holds the lowest position. A rollback to a savepoint takes both
  -- the lock and the note of it back.
  IF current_setting('followup.announced', true) IS DISTINCT FROM TG_RELID::text THEN
    PERFORM pg_advisory_xact_lock_shared(
      TG_RELID::int, (coalesce(pg_sequence_last_value('follow_up_event_position_seq'), 0) & 2147483647)::int);
    PERFORM set_config('followup.announced', TG_RELID::text, true);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION follow_up_event_horizon() RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  drawn bigint := coalesce(pg_sequence_last_value('follow_up_event_position_seq'), 0);
  announced bigint[] := (
    SELECT array_agg(l.objid::bigint) FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid = 'follow_up_event'::regclass
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()));
  -- A key holds the lowest 31 bits. A position read now is later than all that are announced.
  latest bigint := coalesce(pg_sequence_last_value('follow_up_event_position_seq'), 0);
BEGIN
  RETURN least(drawn, (SELECT min(latest - ((latest - key) & 2147483647)) FROM unnest(announced) key));
END $$;

CREATE TRIGGER follow_up_event_announce BEFORE INSERT ON follow_up_event
  FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_announce();
-- Also when triggers are switched off for a load (session_replication_role = replica): a reader must not pass over what is being loaded.
ALTER TABLE follow_up_event ENABLE ALWAYS TRIGGER follow_up_event_announce;

-- Events that were written long after they happened (ADR 100).
CREATE INDEX ix_follow_up_event_late ON follow_up_event (owner_id, sent_at, position) WHERE written_at - sent_at > interval '1 hour';
-- Events of one type. The types that every step or instance has are left out, so a step writes no entry.
CREATE INDEX ix_follow_up_event_type ON follow_up_event (owner_id, type, position)
  WHERE type NOT IN ('EMAIL', 'SMS', 'WAIT', 'enrolled', 'completed');
-- Events of users, API keys, recipients, providers and operators. Most events are the engine's, so most steps write no entry.
CREATE INDEX ix_follow_up_event_actor ON follow_up_event (owner_id, actor_kind, position) WHERE actor_kind <> 'engine';
-- Instances that were sent a variant. Most events have none, which strpos finds without parsing the content.
CREATE INDEX ix_follow_up_event_variant ON follow_up_event (owner_id, (content ->> 'variant'), instance_id)
  WHERE status = 'sent' AND strpos(content::text, '"variant"') > 0;

-- Since when timelines have keyed checkpoints (ADR 69).
CREATE TABLE log_seal_start (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  since timestamptz NOT NULL,
  seal bytea NOT NULL);

-- What is left of a deleted sequence's log: one row for each statement that deleted instances. The digest is the SHA-256 over the lines
-- "<instance id> <number of events> <last hash>", ordered by instance id, so an exported log can still be compared with it. The instant is the
-- real one, in a sandbox too.
CREATE TABLE sequence_tombstone (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sequence_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  instances int NOT NULL,
  events bigint NOT NULL,
  digest bytea NOT NULL,
  deleted_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp());
CREATE INDEX ix_sequence_tombstone_sequence_id ON sequence_tombstone (sequence_id);

CREATE FUNCTION sequence_tombstone_add() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO sequence_tombstone (sequence_id, owner_id, instances, events, digest)
  SELECT g.sequence_id, g.owner_id, count(*), sum(g.event_count),
         sha256(convert_to(string_agg(format('%s %s %s', g.id, g.event_count, encode(g.event_hash, 'hex')), E'\n' ORDER BY g.id), 'UTF8'))
  FROM gone g GROUP BY g.sequence_id, g.owner_id;
  RETURN NULL;
END $$;

CREATE TRIGGER sequence_tombstone_add AFTER DELETE ON instance
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sequence_tombstone_add();
CREATE TRIGGER sequence_tombstone_no_change BEFORE UPDATE OR DELETE ON sequence_tombstone
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER sequence_tombstone_no_truncate BEFORE TRUNCATE ON sequence_tombstone FOR EACH STATEMENT EXECUTE FUNCTION append_only();
