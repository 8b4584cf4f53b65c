-- The least that PostgreSQL has to do for a batch of steps: the claim's rows and the write-back's rows, each in one statement and one transaction.
-- The order is that of the index, as in JobOrder.
-- Ids begin with the time, as the program's do.
SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS millis \gset
WITH due AS MATERIALIZED (
  SELECT instance_id FROM step_job WHERE claimable AND state = 'ready' AND due_at <= now()
  ORDER BY due_at, is_first, in_line_since, id LIMIT @batch FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE step_job j SET state = 'leased', attempt = attempt + 1, owner = 'floor', lease_until = now() + interval '60 s'
  FROM due WHERE j.instance_id = due.instance_id
  RETURNING j.id, j.instance_id, j.owner_id, j.sequence_id, j.step_index, j.step_type, j.attempt),
step AS (
  SELECT c.id AS job_id, c.step_index, c.step_type, c.attempt, c.owner_id, c.instance_id, i.email, i.variables
  FROM claimed c JOIN instance i ON i.id = c.instance_id JOIN sequence s ON s.id = c.sequence_id
  LEFT JOIN suppression x ON x.owner_id = c.owner_id AND x.channel = c.step_type AND x.address = i.email_key),
sending AS (
  INSERT INTO attempt (id, owner_id, instance_id, step_job_id, step_index, number, channel, status, started_at)
  SELECT overlay(gen_random_uuid()::text PLACING overlay(:millis PLACING '-' FROM 9 FOR 0) FROM 1 FOR 13)::uuid,
         owner_id, instance_id, job_id, step_index, attempt, step_type, 'SENDING', clock_timestamp() FROM step
  RETURNING id, instance_id)
SELECT coalesce(array_agg(instance_id), '{}')::text AS instances, coalesce(array_agg(id), '{}')::text AS attempts FROM sending \gset
WITH input AS MATERIALIZED (
  SELECT j.id AS job_id, t.attempt_id, j.attempt AS claim, i.id AS instance_id, i.revision, i.event_count, i.event_hash, j.step_index + 1 AS next_step,
         overlay(gen_random_uuid()::text PLACING overlay(:millis PLACING '-' FROM 9 FOR 0) FROM 1 FOR 13)::uuid AS new_id
  FROM unnest((:instances)::uuid[], (:attempts)::uuid[]) AS t (instance_id, attempt_id)
  JOIN step_job j ON j.instance_id = t.instance_id JOIN instance i ON i.id = j.instance_id),
changed AS (
  UPDATE instance i SET current_step = d.next_step, event_count = d.event_count + 1, event_hash = sha256(d.event_hash), revision = d.revision + 1,
         status = CASE d.next_step WHEN 3 THEN 'COMPLETED' ELSE 'ACTIVE' END
  FROM input d WHERE i.id = d.instance_id AND i.revision = d.revision
  RETURNING d.*, i.owner_id, i.sequence_id),
next_job AS (
  UPDATE step_job j SET id = c.new_id, step_index = c.next_step, step_type = 'EMAIL', state = 'ready', due_at = now(), attempt = 0, owner = NULL, lease_until = NULL
  FROM changed c WHERE j.instance_id = c.instance_id AND j.id = c.job_id AND j.attempt = c.claim AND j.owner = 'floor' AND c.next_step < 3),
removed AS (
  DELETE FROM step_job j USING changed c WHERE j.instance_id = c.instance_id AND j.id = c.job_id AND j.attempt = c.claim AND j.owner = 'floor' AND c.next_step = 3),
tried AS (
  UPDATE attempt a SET status = 'ACCEPTED', provider_message_id = '14c5d75ce93.dfd.64b469', finished_at = now()
  FROM changed r WHERE a.id = r.attempt_id),
happened AS (
  INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, message_id,
                               sent_at, previous_hash, hash)
  SELECT new_id, owner_id, instance_id, sequence_id, 1, event_count + 1, next_step - 1, 'EMAIL', 'sent',
         '{"contentHash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","provider":"sendgrid","providerMessageId":"14c5d75ce93.dfd.64b469"}'::json,
         new_id, now(), event_hash, sha256(event_hash) FROM changed
  UNION ALL
  SELECT overlay(new_id::text PLACING 'ffff' FROM 15 FOR 4)::uuid, owner_id, instance_id, sequence_id, 1, event_count + 2, NULL, 'completed', NULL, '{}', NULL, now(), event_hash, sha256(event_hash)
  FROM changed WHERE next_step = 3)
INSERT INTO message (id, owner_id, instance_id, channel, recipient, subject, html, text, created_at)
SELECT new_id, owner_id, instance_id, 'EMAIL', 'person@example.com', '1: your offer on Main Street 1', repeat('<p>some html</p>', 48), repeat('some text ', 60), now()
FROM changed;
