-- Suppressions.

ALTER TABLE suppression
  ADD CONSTRAINT ck_suppression_channel CHECK (channel IN ('EMAIL', 'SMS')),
  ADD CONSTRAINT ck_suppression_reason
    CHECK (reason IN ('manual', 'replied', 'unsubscribed', 'bounced', 'complained', 'goal'));

-- Operators suppress addresses by psql too. An address in another case than the enrolment's must close the channel all the same.
CREATE FUNCTION suppression_key() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  NEW.address := lower(NEW.address);
  RETURN NEW;
END $$;

CREATE TRIGGER suppression_key BEFORE INSERT OR UPDATE ON suppression FOR EACH ROW EXECUTE FUNCTION suppression_key();
