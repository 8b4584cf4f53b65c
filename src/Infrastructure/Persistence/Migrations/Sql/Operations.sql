-- All nodes together keep one pace for operations: no batch begins before free_at.
CREATE TABLE operation_pace (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  free_at timestamptz NOT NULL);

ALTER TABLE operation
  ADD CONSTRAINT ck_operation_kind CHECK (kind IN ('deleteSequence', 'releaseParked', 'reschedule', 'applyLimits', 'instanceAction', 'eraseContact', 'import')),
  ADD CONSTRAINT ck_operation_state CHECK (state IN ('queued', 'running', 'completed', 'cancelled', 'failed')),
  ADD CONSTRAINT ck_operation_finished CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL));

-- A deletion cannot be taken back: with the mark removed, a sequence would be there again with a part of its log.
CREATE FUNCTION sequence_stays_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a deleted sequence stays deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER sequence_stays_deleted BEFORE UPDATE OF deleted_at ON sequence
  FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS DISTINCT FROM OLD.deleted_at)
  EXECUTE FUNCTION sequence_stays_deleted();

-- The log is append-only. A DELETE passes only as part of the deletion of its sequence, which is marked as deleted or gone already.
CREATE OR REPLACE FUNCTION follow_up_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF NOT EXISTS (SELECT 1 FROM sequence WHERE id = OLD.sequence_id AND deleted_at IS NULL) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'follow_up_event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
