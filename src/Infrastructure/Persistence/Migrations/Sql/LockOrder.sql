CREATE OR REPLACE FUNCTION instance_cascade() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Jobs first: deleting them waits for the claims that are under way.
  PERFORM 1 FROM step_job j JOIN gone g ON g.id = j.instance_id ORDER BY j.instance_id FOR UPDATE OF j;
  DELETE FROM step_job j USING gone g WHERE j.instance_id = g.id;
  PERFORM 1 FROM attempt a JOIN gone g ON g.id = a.instance_id ORDER BY a.id FOR UPDATE OF a;
  DELETE FROM attempt a USING gone g WHERE a.instance_id = g.id;
  DELETE FROM message m USING gone g WHERE m.instance_id = g.id;
  DELETE FROM follow_up_event e USING gone g WHERE e.instance_id = g.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sequence_cascade() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM instance i JOIN gone g ON g.id = i.sequence_id ORDER BY i.id FOR UPDATE OF i;
  DELETE FROM instance i USING gone g WHERE i.sequence_id = g.id;
  RETURN NULL;
END $$;

DO $path$
BEGIN
  EXECUTE format('ALTER FUNCTION instance_cascade() SET search_path = %I, pg_catalog, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION sequence_cascade() SET search_path = %I, pg_catalog, pg_temp', current_schema());
END $path$;
