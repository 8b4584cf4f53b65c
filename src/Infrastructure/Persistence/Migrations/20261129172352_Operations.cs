using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Mass changes as operations, and sequences whose rows are deleted in the background.</summary>
    public partial class Operations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_step_job_parked",
                table: "step_job");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleted_at",
                table: "sequence",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "operation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    target_id = table.Column<Guid>(type: "uuid", nullable: true),
                    parameters = table.Column<string>(type: "jsonb", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: true),
                    done = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    refused_by = table.Column<string>(type: "jsonb", nullable: false),
                    errors = table.Column<int>(type: "integer", nullable: false),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    cursor = table.Column<string>(type: "text", nullable: true),
                    walked = table.Column<bool>(type: "boolean", nullable: false),
                    deferred = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    next_slot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    served_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    run_after = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    actor_kind = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation", x => x.id);
                    table.ForeignKey(
                        name: "fk_operation_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_step_job_parked",
                table: "step_job",
                columns: new[] { "sequence_id", "due_at", "is_first", "in_line_since", "id" },
                filter: "park_reason = 'sequenceDisabled'");

            migrationBuilder.CreateIndex(
                name: "ix_sequence_deleted",
                table: "sequence",
                column: "id",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_operation_active",
                table: "operation",
                columns: new[] { "owner_id", "kind", "target_id" },
                filter: "finished_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_operation_finished",
                table: "operation",
                column: "finished_at",
                filter: "finished_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_operation_owner_id_id",
                table: "operation",
                columns: new[] { "owner_id", "id" });

            migrationBuilder.Sql(SqlFile.Read("Operations"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // What is marked as deleted is deleted as the release before did it.
            migrationBuilder.Sql(
                """
                DELETE FROM sequence WHERE deleted_at IS NOT NULL;
                CREATE OR REPLACE FUNCTION follow_up_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF TG_OP = 'DELETE' THEN
                    IF NOT EXISTS (SELECT 1 FROM sequence WHERE id = OLD.sequence_id) THEN
                      RETURN OLD;
                    END IF;
                  END IF;
                  RAISE EXCEPTION 'follow_up_event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
                END $$;
                DROP TRIGGER sequence_stays_deleted ON sequence;
                DROP FUNCTION sequence_stays_deleted();
                DROP TABLE operation_pace;
                """
            );
            migrationBuilder.DropTable(
                name: "operation");

            migrationBuilder.DropIndex(
                name: "ix_step_job_parked",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_sequence_deleted",
                table: "sequence");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                table: "sequence");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_parked",
                table: "step_job",
                column: "sequence_id",
                filter: "NOT claimable");
        }
    }
}
