using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>The rollup of what happened at steps, filled by the database from the log in the transaction that writes it.</summary>
    public partial class Statistics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE TABLE step_stat (
                  owner_id uuid NOT NULL,
                  sequence_id uuid NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
                  version int NOT NULL,
                  step_index int NOT NULL,
                  variant text NOT NULL,
                  metric text NOT NULL,
                  day date NOT NULL,
                  bucket int NOT NULL,
                  count bigint NOT NULL,
                  PRIMARY KEY (sequence_id, version, step_index, variant, metric, day, bucket)) WITH (fillfactor = 80);

                CREATE TABLE step_stat_delta (
                  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                  owner_id uuid NOT NULL,
                  sequence_id uuid NOT NULL,
                  version int NOT NULL,
                  step_index int NOT NULL,
                  variant text NOT NULL,
                  metric text NOT NULL,
                  day date NOT NULL,
                  bucket int NOT NULL,
                  count bigint NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

                CREATE VIEW step_stat_sum AS
                  SELECT owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count FROM step_stat
                  UNION ALL
                  SELECT owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count FROM step_stat_delta;
                """
            );

            // What an event counts as. An answer that ends an instance counts at the last message before it, too: a stop names no step.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION follow_up_event_count() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO step_stat_delta (owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count)
                  SELECT e.owner_id, e.sequence_id, coalesce(m.version, e.version), coalesce(m.step_index, -1), coalesce(m.variant, ''), m.metric,
                         (e.sent_at AT TIME ZONE 'UTC')::date, coalesce(m.bucket, 0), count(*)
                  FROM added e CROSS JOIN LATERAL (
                    SELECT e.version, e.step_index, e.content ->> 'variant' AS variant, e.status AS metric, NULL::int AS bucket
                    WHERE e.status IS NOT NULL
                    UNION ALL
                    SELECT e.version, e.step_index, '', 'elapsed', round(ln(1 + greatest((e.content ->> 'elapsedMs')::float8, 0)) * 32)::int
                    WHERE e.status IN ('sent', 'skipped', 'completed') AND e.content ->> 'elapsedMs' IS NOT NULL
                    UNION ALL
                    SELECT e.version, NULL, NULL, e.type, NULL WHERE e.type IN ('enrolled', 'completed')
                    UNION ALL
                    SELECT e.version, e.step_index, e.content ->> 'variant', e.type, NULL
                    WHERE e.type IN ('migrated', 'delivered', 'opened', 'clicked', 'bounced', 'complained')
                    UNION ALL
                    SELECT e.version, NULL, NULL, 'stopped.' || (e.content ->> 'reason'), NULL WHERE e.type = 'stopped'
                    UNION ALL
                    (SELECT s.version, s.step_index, s.content ->> 'variant', e.content ->> 'reason', NULL
                     FROM follow_up_event s
                     WHERE e.type = 'stopped' AND e.content ->> 'reason' IN ('replied', 'unsubscribed')
                       AND s.instance_id = e.instance_id AND s.number < e.number AND s.status = 'sent'
                     ORDER BY s.number DESC LIMIT 1)) m
                  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
                  RETURN NULL;
                END $$;

                CREATE TRIGGER follow_up_event_count AFTER INSERT ON follow_up_event
                  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_count();
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER follow_up_event_count ON follow_up_event;
                DROP FUNCTION follow_up_event_count();
                DROP VIEW step_stat_sum;
                DROP TABLE step_stat_delta, step_stat;
                """
            );
        }
    }
}
