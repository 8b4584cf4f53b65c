-- Takes back what the other files made. EF Core drops the tables of its model.

DROP VIEW instance_count_sum, step_stat_sum;
DROP TABLE
  instance_count_delta, instance_count, step_stat_delta, step_stat, sent_slice,
  log_seal_start, sequence_tombstone,
  operation_pace,
  ceiling_count, recipient_count, send_count, send_limit,
  provider_event, commit_proof, breaker_transition, channel_breaker, node, release_pace,
  session, secret, idempotency_key, blocked_owner;
-- With their triggers, and the column that step_shapes generates.
DROP FUNCTION
  append_only(), follow_up_event_announce(), follow_up_event_count(), follow_up_event_horizon(), follow_up_event_no_delete(),
  instance_cascade(), instance_count_added(), instance_count_changed(), instance_count_gone(),
  sequence_cascade(), sequence_stays_deleted(), sequence_tombstone_add(), step_shapes(jsonb), suppression_key() CASCADE;
