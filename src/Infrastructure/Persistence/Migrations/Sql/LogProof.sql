-- Checkpoints of timelines, guards that no other table can stand in for, and tombstones of deleted sequences (ADR 69).

ALTER TABLE instance ADD COLUMN event_seal bytea;

CREATE TABLE log_seal_start (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  since timestamptz NOT NULL,
  seal bytea NOT NULL);

-- What is left of a deleted sequence's log: one row for each statement that deleted instances. The digest is the SHA-256 over the lines
-- "<instance id> <number of events> <last hash>", ordered by instance id, so an exported log can still be compared with it.
CREATE TABLE sequence_tombstone (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sequence_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  instances int NOT NULL,
  events bigint NOT NULL,
  digest bytea NOT NULL,
  deleted_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp());
CREATE INDEX ix_sequence_tombstone_sequence_id ON sequence_tombstone (sequence_id);

DROP TRIGGER follow_up_event_no_change ON follow_up_event;
DROP TRIGGER follow_up_event_no_truncate ON follow_up_event;
DROP FUNCTION follow_up_event_guard();

DO $make$
DECLARE
  home text := current_schema();
  -- A sequence whose rows are deleted in the background is marked before.
  unmarked text := CASE WHEN EXISTS (SELECT 1 FROM information_schema.columns
                                     WHERE table_schema = current_schema() AND table_name = 'sequence' AND column_name = 'deleted_at')
                        THEN 'AND s.deleted_at IS NULL' ELSE '' END;
  guarded record;
BEGIN
  EXECUTE format($sql$
    CREATE FUNCTION %1$I.append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '%% is append-only: %% is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END $$
    $sql$, home);

  -- Events go only with their sequence. One look for a whole statement: a mass deletion asks once for a thousand rows.
  EXECUTE format($sql$
    CREATE FUNCTION %1$I.follow_up_event_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM gone g JOIN %1$I.sequence s ON s.id = g.sequence_id WHERE true %2$s) THEN
        RAISE EXCEPTION 'follow_up_event is append-only: %% is refused', TG_OP USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NULL;
    END $$
    $sql$, home, unmarked);

  EXECUTE format($sql$
    CREATE FUNCTION %1$I.sequence_tombstone_add() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO %1$I.sequence_tombstone (sequence_id, owner_id, instances, events, digest)
      SELECT g.sequence_id, g.owner_id, count(*), sum(g.event_count),
             sha256(convert_to(string_agg(format('%%s %%s %%s', g.id, g.event_count, encode(g.event_hash, 'hex')), E'\n' ORDER BY g.id), 'UTF8'))
      FROM gone g GROUP BY g.sequence_id, g.owner_id;
      RETURN NULL;
    END $$
    $sql$, home);

  -- Every trigger function looks names up in its own schema, in the system's, and in that of temporary tables last. Without the last word,
  -- a temporary table named "sequence" would be found first and tell the guard that the sequence is gone.
  FOR guarded IN
    SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = home AND p.prorettype = 'trigger'::regtype AND p.proconfig IS NULL
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_catalog, pg_temp', guarded.name, home);
  END LOOP;
END $make$;

CREATE TRIGGER follow_up_event_no_change BEFORE UPDATE ON follow_up_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER follow_up_event_no_truncate BEFORE TRUNCATE ON follow_up_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER follow_up_event_no_delete AFTER DELETE ON follow_up_event
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_no_delete();

CREATE TRIGGER sequence_tombstone_add AFTER DELETE ON instance
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sequence_tombstone_add();
CREATE TRIGGER sequence_tombstone_no_change BEFORE UPDATE OR DELETE ON sequence_tombstone
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER sequence_tombstone_no_truncate BEFORE TRUNCATE ON sequence_tombstone FOR EACH STATEMENT EXECUTE FUNCTION append_only();
