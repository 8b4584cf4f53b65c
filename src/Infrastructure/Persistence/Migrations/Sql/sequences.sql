-- Shapes of versions, deleted sequences, and migrations of instances.

-- The shape of a version is its steps without their texts: plans, statistics and lists need not read the texts. EF Core does not know the
-- column, because only one statement reads it and none writes it.
CREATE FUNCTION step_shapes(steps jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
  SELECT coalesce(jsonb_agg(
    CASE WHEN step ? 'message' THEN (step - '{subject,body,variants,thread,message}'::text[]) || '{"message": ""}'
         ELSE step - '{subject,body,variants,thread}'::text[] END ORDER BY place), '[]')
  FROM jsonb_array_elements(steps) WITH ORDINALITY AS s (step, place)
$$;

ALTER TABLE sequence_version ADD COLUMN shape jsonb GENERATED ALWAYS AS (step_shapes(steps)) STORED;

-- A deletion cannot be taken back: with the mark removed, a sequence would be there again with a part of its log.
CREATE FUNCTION sequence_stays_deleted() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION 'a deleted sequence stays deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER sequence_stays_deleted BEFORE UPDATE OF deleted_at ON sequence
  FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS DISTINCT FROM OLD.deleted_at)
  EXECUTE FUNCTION sequence_stays_deleted();

ALTER TABLE sequence_migration
  ADD CONSTRAINT ck_sequence_migration_policy CHECK (policy IN ('stay', 'content', 'map')),
  ADD CONSTRAINT ck_sequence_migration_state CHECK (state IN ('running', 'stopped', 'completed')),
  ADD CONSTRAINT ck_sequence_migration_completed CHECK ((state = 'completed') = (completed_at IS NOT NULL));
