-- Instances of a sequence, as an enrolment leaves them; ids grow with the number, as the program's grow with time.
WITH enrolled AS (
  INSERT INTO instance (id, owner_id, sequence_id, sequence_version_id, version, email, name, time_zone, variables, offer_id, status,
                        current_step, attempts, enrolled_at, event_count, event_hash, revision)
  SELECT overlay(gen_random_uuid()::text PLACING overlay(lpad(to_hex(1700000000000 + n), 12, '0') PLACING '-' FROM 9 FOR 0) FROM 1 FOR 13)::uuid,
         v.owner_id, v.sequence_id, v.id, v.number, 'seeded' || n || '@example.com', 'Anna Schmidt ' || n, 'Europe/Berlin',
         jsonb_build_object('offer', jsonb_build_object('address', 'Main Street ' || n, 'price', 1000 + n)), 'offer-' || n,
         'ACTIVE', 0, 0, now(), 1, sha256(n::text::bytea), 1
  FROM generate_series(1, @recipients) n JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many FROM sequence_version WHERE @sequence::uuid IS NULL OR sequence_id = @sequence) v
    ON v.place = n % v.many
  RETURNING id, owner_id, sequence_id, event_hash),
job AS (
  INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, enqueued_at)
  SELECT id, id, owner_id, sequence_id, 0, 'EMAIL', 'ready', now() + @due, 0, now() FROM enrolled)
INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, type, content, sent_at, previous_hash, hash)
SELECT id, owner_id, id, sequence_id, 1, 1, 'enrolled', '{}', now(), event_hash, event_hash FROM enrolled
