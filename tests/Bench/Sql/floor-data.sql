-- One sequence and instances whose first step is due, as the program would have enrolled them.
INSERT INTO app_user (id, issuer, subject, created_at) VALUES ('00000000-0000-7000-8000-000000000001', 'floor', 'floor', now());
INSERT INTO sequence (id, owner_id, name, enabled, current_version, created_at, updated_at, revision)
VALUES ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'Floor', true, 1, now(), now(), 1);
INSERT INTO sequence_version (id, sequence_id, owner_id, number, steps, published_at)
VALUES ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 1, '[]', now());
