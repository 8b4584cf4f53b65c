-- Every event has a position in the log. Readers order by it and stop at the horizon: the last position that no running transaction can
-- still write at or before.
--
-- A writer announces itself before it draws its first position, by a shared advisory lock that it keeps until its transaction ends. The
-- lock's key holds the last position drawn so far, by anyone: all positions of the writer are later. A reader looks at the positions drawn
-- so far first and at the locks second. A writer that drew one of those positions had announced itself before, so either its lock is seen,
-- or its transaction is over and the reader's next statement sees its events.
--
-- Only transactions that write events hold readers back. A dump, a report or a forgotten session does not.

ALTER TABLE follow_up_event ADD COLUMN position bigint;

-- Events that were written before get positions in the order that readers had before: the order of sentAt.
ALTER TABLE follow_up_event DISABLE TRIGGER USER;
UPDATE follow_up_event e SET position = ordered.position
FROM (SELECT instance_id, number, row_number() OVER (ORDER BY sent_at, instance_id, number) AS position FROM follow_up_event) ordered
WHERE e.instance_id = ordered.instance_id AND e.number = ordered.number;
ALTER TABLE follow_up_event ENABLE TRIGGER USER;

ALTER TABLE follow_up_event ALTER COLUMN position SET NOT NULL;
ALTER TABLE follow_up_event ALTER COLUMN position ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('follow_up_event', 'position'), max(position)) FROM follow_up_event HAVING max(position) IS NOT NULL;

DROP INDEX ix_follow_up_event_owner_id_sent_at_instance_id_number;
CREATE INDEX ix_follow_up_event_owner_id_position ON follow_up_event (owner_id, position);
CREATE INDEX ix_follow_up_event_owner_id_sent_at ON follow_up_event (owner_id, sent_at);

-- Names are qualified when the functions are made, so that no other table, temporary or in another schema, can take a table's place.
DO $make$
DECLARE
  home text := current_schema();
BEGIN
  EXECUTE format($sql$
    CREATE FUNCTION %1$I.follow_up_event_announce() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      -- One lock a transaction is enough, and locks are few: the first one holds the lowest position. A rollback to a savepoint takes both
      -- the lock and the note of it back.
      IF current_setting('followup.announced', true) IS DISTINCT FROM TG_RELID::text THEN
        PERFORM pg_advisory_xact_lock_shared(
          TG_RELID::int, (coalesce(pg_sequence_last_value('%1$I.follow_up_event_position_seq'), 0) & 2147483647)::int);
        PERFORM set_config('followup.announced', TG_RELID::text, true);
      END IF;
      RETURN NULL;
    END $$
    $sql$, home);

  EXECUTE format($sql$
    CREATE FUNCTION %1$I.follow_up_event_horizon() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      drawn bigint := coalesce(pg_sequence_last_value('%1$I.follow_up_event_position_seq'), 0);
      announced bigint[] := (
        SELECT array_agg(l.objid::bigint) FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid = '%1$I.follow_up_event'::regclass
          AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()));
      -- A key holds the lowest 31 bits. A position read now is later than all that are announced.
      latest bigint := coalesce(pg_sequence_last_value('%1$I.follow_up_event_position_seq'), 0);
    BEGIN
      RETURN least(drawn, (SELECT min(latest - ((latest - key) & 2147483647)) FROM unnest(announced) key));
    END $$
    $sql$, home);
END $make$;

CREATE TRIGGER follow_up_event_announce BEFORE INSERT ON follow_up_event
  FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_announce();
-- Also when triggers are switched off for a load (session_replication_role = replica): a reader must not pass over what is being loaded.
ALTER TABLE follow_up_event ENABLE ALWAYS TRIGGER follow_up_event_announce;
