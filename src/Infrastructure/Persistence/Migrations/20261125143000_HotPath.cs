using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Fewer indexes on the tables that every step writes to, none that a claim has to touch, and instances counted by status.</summary>
    public partial class HotPath : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_instance_sequence_version_sequence_version_id",
                table: "instance");

            migrationBuilder.DropPrimaryKey(
                name: "pk_step_job",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_lease_until",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_ready",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_sequence_id",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_turn",
                table: "step_job");

            migrationBuilder.DropPrimaryKey(
                name: "pk_message",
                table: "message");

            migrationBuilder.DropIndex(
                name: "ix_message_instance_id",
                table: "message");

            migrationBuilder.DropIndex(
                name: "ix_instance_sequence_version_id",
                table: "instance");

            migrationBuilder.DropPrimaryKey(
                name: "pk_follow_up_event",
                table: "follow_up_event");

            migrationBuilder.DropIndex(
                name: "ix_follow_up_event_instance_id_number",
                table: "follow_up_event");

            migrationBuilder.DropIndex(
                name: "ix_attempt_finished_at",
                table: "attempt");

            migrationBuilder.DropIndex(
                name: "ix_attempt_step_job_id_number",
                table: "attempt");

            migrationBuilder.AddColumn<bool>(
                name: "claimable",
                table: "step_job",
                type: "boolean",
                nullable: false,
                computedColumnSql: "state IN ('ready', 'leased')",
                stored: true);

            // The table's key is the instance alone: at most one live job an instance. The model's key has the id too (see InstanceConfiguration).
            migrationBuilder.Sql(
                """
                DROP INDEX ix_step_job_instance_id;
                ALTER TABLE step_job ADD CONSTRAINT pk_step_job PRIMARY KEY (instance_id);
                ALTER TABLE step_job SET (fillfactor = 50);
                ALTER TABLE attempt SET (fillfactor = 50);
                """
            );

            migrationBuilder.AddPrimaryKey(
                name: "pk_message",
                table: "message",
                columns: new[] { "instance_id", "id" });

            migrationBuilder.AddPrimaryKey(
                name: "pk_follow_up_event",
                table: "follow_up_event",
                columns: new[] { "instance_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_step_job_claimable",
                table: "step_job",
                columns: new[] { "due_at", "is_first", "wanted_at", "id" },
                filter: "claimable");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job",
                column: "due_at",
                filter: "NOT claimable");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_parked",
                table: "step_job",
                column: "sequence_id",
                filter: "NOT claimable");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_turn",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "wanted_at", "id" },
                filter: "claimable");

            // A foreign key looks its row up and locks it for each row that is written, four times a step. Here every writer holds a lock on the
            // instance or its job already, so what the keys were left with is the cascade, which one statement does for all deleted instances:
            // jobs first, because deleting them waits for the claims that are under way.
            migrationBuilder.Sql(
                """
                ALTER TABLE step_job DROP CONSTRAINT fk_step_job_instance_instance_id;
                ALTER TABLE attempt DROP CONSTRAINT fk_attempt_instance_instance_id;
                ALTER TABLE message DROP CONSTRAINT fk_message_instance_instance_id;
                ALTER TABLE follow_up_event DROP CONSTRAINT fk_follow_up_event_instance_instance_id;

                CREATE FUNCTION instance_cascade() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  DELETE FROM step_job j USING gone g WHERE j.instance_id = g.id;
                  DELETE FROM attempt a USING gone g WHERE a.instance_id = g.id;
                  DELETE FROM message m USING gone g WHERE m.instance_id = g.id;
                  DELETE FROM follow_up_event e USING gone g WHERE e.instance_id = g.id;
                  RETURN NULL;
                END $$;

                CREATE TRIGGER instance_cascade AFTER DELETE ON instance
                  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION instance_cascade();
                """
            );

            // How many instances a sequence has in each status: counting them for each list would read them all. As with step_stat, a statement
            // adds rows of its own and touches none that somebody else writes; they are folded later, and readers sum both.
            migrationBuilder.Sql(
                """
                CREATE TABLE instance_count (
                  sequence_id uuid NOT NULL REFERENCES sequence (id) ON DELETE CASCADE,
                  status text NOT NULL,
                  count bigint NOT NULL,
                  PRIMARY KEY (sequence_id, status)) WITH (fillfactor = 50);

                CREATE TABLE instance_count_delta (
                  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                  sequence_id uuid NOT NULL,
                  status text NOT NULL,
                  count bigint NOT NULL) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

                CREATE VIEW instance_count_sum AS
                  SELECT sequence_id, status, count FROM instance_count
                  UNION ALL
                  SELECT sequence_id, status, count FROM instance_count_delta;

                INSERT INTO instance_count (sequence_id, status, count) SELECT sequence_id, status, count(*) FROM instance GROUP BY 1, 2;

                CREATE FUNCTION instance_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO instance_count_delta (sequence_id, status, count) SELECT sequence_id, status, count(*) FROM added GROUP BY 1, 2;
                  RETURN NULL;
                END $$;

                CREATE FUNCTION instance_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO instance_count_delta (sequence_id, status, count)
                  SELECT sequence_id, status, sum(n) FROM (
                    SELECT sequence_id, status, 1 AS n FROM added UNION ALL SELECT sequence_id, status, -1 FROM gone) moved
                  GROUP BY 1, 2 HAVING sum(n) <> 0;
                  RETURN NULL;
                END $$;

                CREATE FUNCTION instance_count_gone() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO instance_count_delta (sequence_id, status, count) SELECT sequence_id, status, -count(*) FROM gone GROUP BY 1, 2;
                  RETURN NULL;
                END $$;

                CREATE TRIGGER instance_count_added AFTER INSERT ON instance
                  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION instance_count_added();
                CREATE TRIGGER instance_count_changed AFTER UPDATE ON instance
                  REFERENCING NEW TABLE AS added OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION instance_count_changed();
                CREATE TRIGGER instance_count_gone AFTER DELETE ON instance
                  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION instance_count_gone();
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER instance_count_added ON instance;
                DROP TRIGGER instance_count_changed ON instance;
                DROP TRIGGER instance_count_gone ON instance;
                DROP FUNCTION instance_count_added();
                DROP FUNCTION instance_count_changed();
                DROP FUNCTION instance_count_gone();
                DROP VIEW instance_count_sum;
                DROP TABLE instance_count_delta, instance_count;
                DROP TRIGGER instance_cascade ON instance;
                DROP FUNCTION instance_cascade();
                ALTER TABLE step_job SET (fillfactor = 75);
                ALTER TABLE attempt SET (fillfactor = 80);
                CREATE UNIQUE INDEX ix_step_job_instance_id ON step_job (instance_id);
                ALTER TABLE step_job ADD CONSTRAINT fk_step_job_instance_instance_id
                  FOREIGN KEY (instance_id) REFERENCES instance (id) ON DELETE CASCADE;
                ALTER TABLE attempt ADD CONSTRAINT fk_attempt_instance_instance_id
                  FOREIGN KEY (instance_id) REFERENCES instance (id) ON DELETE CASCADE;
                ALTER TABLE message ADD CONSTRAINT fk_message_instance_instance_id
                  FOREIGN KEY (instance_id) REFERENCES instance (id) ON DELETE CASCADE;
                ALTER TABLE follow_up_event ADD CONSTRAINT fk_follow_up_event_instance_instance_id
                  FOREIGN KEY (instance_id) REFERENCES instance (id) ON DELETE CASCADE;
                """
            );

            migrationBuilder.DropPrimaryKey(
                name: "pk_step_job",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_claimable",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_parked",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_turn",
                table: "step_job");

            migrationBuilder.DropPrimaryKey(
                name: "pk_message",
                table: "message");

            migrationBuilder.DropPrimaryKey(
                name: "pk_follow_up_event",
                table: "follow_up_event");

            migrationBuilder.DropColumn(
                name: "claimable",
                table: "step_job");

            migrationBuilder.AddPrimaryKey(
                name: "pk_step_job",
                table: "step_job",
                column: "id");

            migrationBuilder.AddPrimaryKey(
                name: "pk_message",
                table: "message",
                column: "id");

            migrationBuilder.AddPrimaryKey(
                name: "pk_follow_up_event",
                table: "follow_up_event",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job",
                column: "due_at",
                filter: "state = 'in_doubt'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_lease_until",
                table: "step_job",
                column: "lease_until",
                filter: "state = 'leased'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_ready",
                table: "step_job",
                columns: new[] { "due_at", "is_first", "wanted_at", "id" },
                filter: "state = 'ready'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_sequence_id",
                table: "step_job",
                column: "sequence_id",
                filter: "state = 'parked'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_turn",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "wanted_at", "id" },
                filter: "state = 'ready'");

            migrationBuilder.CreateIndex(
                name: "ix_message_instance_id",
                table: "message",
                column: "instance_id");

            migrationBuilder.CreateIndex(
                name: "ix_instance_sequence_version_id",
                table: "instance",
                column: "sequence_version_id");

            migrationBuilder.CreateIndex(
                name: "ix_follow_up_event_instance_id_number",
                table: "follow_up_event",
                columns: new[] { "instance_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_attempt_finished_at",
                table: "attempt",
                column: "finished_at",
                filter: "finished_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_attempt_step_job_id_number",
                table: "attempt",
                columns: new[] { "step_job_id", "number" },
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "fk_instance_sequence_version_sequence_version_id",
                table: "instance",
                column: "sequence_version_id",
                principalTable: "sequence_version",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);
        }
    }
}
