-- Instances and what belongs to them: keys, cascades, checks.

ALTER TABLE instance
  ADD CONSTRAINT ck_instance_status CHECK (status IN ('ACTIVE', 'PAUSED', 'COMPLETED', 'FAILED', 'STOPPED')),
  ADD CONSTRAINT ck_instance_stop_reason CHECK ((status = 'STOPPED') = (stop_reason IS NOT NULL));
ALTER TABLE attempt
  ADD CONSTRAINT ck_attempt_status CHECK (status IN ('SENDING', 'ACCEPTED', 'REJECTED', 'RETRYABLE', 'IN_DOUBT'));

-- Finds instances by the beginning of a name. ix_instance_owner_id_email_key does the same for addresses.
CREATE INDEX ix_instance_owner_id_name ON instance (owner_id, lower(name) text_pattern_ops) WHERE name IS NOT NULL;

-- The model has these foreign keys, the database has not. A foreign key looks its row up and locks it for each row that is written, four times
-- a step. An enrolment has locked its sequence (FOR SHARE), and every writer of the other tables has locked the instance or its job. What is
-- left of the keys is the cascade, which one statement does for all deleted rows.
ALTER TABLE instance DROP CONSTRAINT fk_instance_sequence_sequence_id;
ALTER TABLE step_job DROP CONSTRAINT fk_step_job_instance_instance_id;
ALTER TABLE attempt DROP CONSTRAINT fk_attempt_instance_instance_id;
ALTER TABLE message DROP CONSTRAINT fk_message_instance_instance_id;
ALTER TABLE follow_up_event DROP CONSTRAINT fk_follow_up_event_instance_instance_id;

-- The cascades lock rows in the order of ids before they delete them, as every statement does that locks several rows and waits. A plain DELETE
-- locks rows in the order of its plan, so two of them could wait for each other.
CREATE FUNCTION sequence_cascade() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM instance i JOIN gone g ON g.id = i.sequence_id ORDER BY i.id FOR UPDATE OF i;
  DELETE FROM instance i USING gone g WHERE i.sequence_id = g.id;
  RETURN NULL;
END $$;

CREATE TRIGGER sequence_cascade AFTER DELETE ON sequence
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sequence_cascade();

CREATE FUNCTION instance_cascade() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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

CREATE TRIGGER instance_cascade AFTER DELETE ON instance
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION instance_cascade();
