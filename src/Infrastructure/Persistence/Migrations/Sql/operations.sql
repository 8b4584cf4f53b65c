-- Mass changes.

ALTER TABLE operation
  ADD CONSTRAINT ck_operation_kind CHECK (kind IN (
    'deleteSequence', 'releaseParked', 'reschedule', 'applyLimits', 'instanceAction', 'eraseContact', 'import')),
  ADD CONSTRAINT ck_operation_state CHECK (state IN ('queued', 'running', 'completed', 'cancelled', 'failed')),
  ADD CONSTRAINT ck_operation_finished CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL));

-- All nodes together keep one pace for operations: no batch begins before free_at.
CREATE TABLE operation_pace (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  free_at timestamptz NOT NULL);
