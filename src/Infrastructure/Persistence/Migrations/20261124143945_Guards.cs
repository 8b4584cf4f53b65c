using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>What the model cannot say: the guard of the event log, tables without an entity, and how the hot table is stored.</summary>
    public partial class Guards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The log is append-only. A DELETE passes only as the cascade of deleting the sequence: then the sequence is gone already.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION follow_up_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF TG_OP = 'DELETE' THEN
                    IF NOT EXISTS (SELECT 1 FROM sequence WHERE id = OLD.sequence_id) THEN
                      RETURN OLD;
                    END IF;
                  END IF;
                  RAISE EXCEPTION 'follow_up_event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
                END $$;

                CREATE TRIGGER follow_up_event_no_change BEFORE UPDATE OR DELETE ON follow_up_event
                  FOR EACH ROW EXECUTE FUNCTION follow_up_event_guard();
                CREATE TRIGGER follow_up_event_no_truncate BEFORE TRUNCATE ON follow_up_event
                  FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_guard();
                """
            );

            // Operators suppress addresses by psql too; one in another case than the enrolment's must close the channel all the same.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION suppression_key() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  NEW.address := lower(NEW.address);
                  RETURN NEW;
                END $$;

                CREATE TRIGGER suppression_key BEFORE INSERT OR UPDATE ON suppression FOR EACH ROW EXECUTE FUNCTION suppression_key();
                ALTER TABLE suppression
                  ADD CONSTRAINT ck_suppression_channel CHECK (channel IN ('EMAIL', 'SMS')),
                  ADD CONSTRAINT ck_suppression_reason
                    CHECK (reason IN ('manual', 'replied', 'unsubscribed', 'bounced', 'complained', 'goal'));
                """
            );

            // Small and hot: room on each page for HOT updates of a lease, and vacuum as soon as a few rows are dead.
            migrationBuilder.Sql(
                """
                ALTER TABLE step_job SET (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
                ALTER TABLE instance SET (fillfactor = 80);
                ALTER TABLE attempt SET (fillfactor = 80);
                """
            );

            migrationBuilder.Sql(
                """
                ALTER TABLE instance
                  ADD CONSTRAINT ck_instance_status CHECK (status IN ('ACTIVE', 'PAUSED', 'COMPLETED', 'FAILED', 'STOPPED')),
                  ADD CONSTRAINT ck_instance_stop_reason CHECK ((status = 'STOPPED') = (stop_reason IS NOT NULL));
                ALTER TABLE step_job
                  ADD CONSTRAINT ck_step_job_state CHECK (state IN ('ready', 'leased', 'parked', 'in_doubt')),
                  ADD CONSTRAINT ck_step_job_lease CHECK ((state = 'leased') = (owner IS NOT NULL AND lease_until IS NOT NULL)),
                  ADD CONSTRAINT ck_step_job_parked CHECK ((state = 'parked') = (parked_at IS NOT NULL AND park_reason IS NOT NULL));
                ALTER TABLE attempt
                  ADD CONSTRAINT ck_attempt_status CHECK (status IN ('SENDING', 'ACCEPTED', 'REJECTED', 'RETRYABLE', 'IN_DOUBT'));
                """
            );

            migrationBuilder.Sql(
                """
                CREATE TABLE provider_event (
                  id uuid PRIMARY KEY,
                  owner_id uuid,
                  provider text NOT NULL,
                  provider_event_id text NOT NULL,
                  attempt_id uuid,
                  type text NOT NULL,
                  payload jsonb NOT NULL,
                  received_at timestamptz NOT NULL,
                  UNIQUE (provider, provider_event_id));
                CREATE INDEX ix_provider_event_attempt_id ON provider_event (attempt_id);
                CREATE INDEX ix_provider_event_received_at ON provider_event (received_at);

                CREATE TABLE idempotency_key (
                  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
                  key_hash bytea NOT NULL,
                  request_hash bytea NOT NULL,
                  answer bytea,
                  created_at timestamptz NOT NULL,
                  PRIMARY KEY (owner_id, key_hash));
                CREATE INDEX ix_idempotency_key_created_at ON idempotency_key (created_at);

                CREATE TABLE channel_breaker (
                  channel text PRIMARY KEY,
                  failures int NOT NULL DEFAULT 0,
                  several boolean NOT NULL DEFAULT false,
                  last_instance_id uuid,
                  trips int NOT NULL DEFAULT 0,
                  open_until timestamptz);
                INSERT INTO channel_breaker (channel) VALUES ('EMAIL'), ('SMS');
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TABLE channel_breaker, idempotency_key, provider_event;
                ALTER TABLE attempt DROP CONSTRAINT ck_attempt_status;
                ALTER TABLE step_job DROP CONSTRAINT ck_step_job_state, DROP CONSTRAINT ck_step_job_lease, DROP CONSTRAINT ck_step_job_parked;
                ALTER TABLE instance DROP CONSTRAINT ck_instance_status, DROP CONSTRAINT ck_instance_stop_reason;
                ALTER TABLE suppression DROP CONSTRAINT ck_suppression_channel, DROP CONSTRAINT ck_suppression_reason;
                DROP TRIGGER suppression_key ON suppression;
                DROP FUNCTION suppression_key();
                DROP TRIGGER follow_up_event_no_truncate ON follow_up_event;
                DROP TRIGGER follow_up_event_no_change ON follow_up_event;
                DROP FUNCTION follow_up_event_guard();
                """
            );
        }
    }
}
