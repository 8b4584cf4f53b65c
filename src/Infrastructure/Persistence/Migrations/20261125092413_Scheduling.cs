using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Schedules, calendars, limits, and what a job waits for.</summary>
    public partial class Scheduling : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_first",
                table: "step_job",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "waiting_for",
                table: "step_job",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "wanted_at",
                table: "step_job",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "schedule",
                table: "sequence",
                type: "jsonb",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "has_slot",
                table: "attempt",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "calendar_id",
                table: "sequence",
                type: "uuid",
                nullable: true,
                computedColumnSql: "(schedule ->> 'holidays')::uuid",
                stored: true);

            migrationBuilder.CreateTable(
                name: "calendar",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    dates = table.Column<DateOnly[]>(type: "date[]", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_calendar", x => x.id);
                    table.ForeignKey(
                        name: "fk_calendar_app_user_owner_id",
                        column: x => x.owner_id,
                        principalTable: "app_user",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_step_job_owner_id_due_at_id",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "id" },
                filter: "state = 'ready'");

            migrationBuilder.CreateIndex(
                name: "ix_sequence_calendar_id",
                table: "sequence",
                column: "calendar_id");

            migrationBuilder.CreateIndex(
                name: "ix_calendar_owner_id_name",
                table: "calendar",
                columns: new[] { "owner_id", "name" },
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "fk_sequence_calendar_calendar_id",
                table: "sequence",
                column: "calendar_id",
                principalTable: "calendar",
                principalColumn: "id");

            // The limits of owners, and what was counted. Rows of owners without limits are not there.
            migrationBuilder.Sql(
                """
                CREATE TABLE send_limit (
                  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
                  time_zone text NOT NULL,
                  mails_per_day int CHECK (mails_per_day > 0),
                  min_gap interval,
                  ramp_start int CHECK (ramp_start > 0),
                  ramp_per_day int CHECK (ramp_per_day > 0),
                  ramp_since date,
                  per_recipient_per_day int CHECK (per_recipient_per_day > 0),
                  CHECK ((ramp_start IS NULL) = (ramp_per_day IS NULL) AND (ramp_start IS NULL) = (ramp_since IS NULL)));

                CREATE TABLE send_count (
                  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
                  day date NOT NULL,
                  taken int NOT NULL,
                  last_at timestamptz) WITH (fillfactor = 50);

                CREATE TABLE recipient_count (
                  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
                  address text NOT NULL,
                  day date NOT NULL,
                  taken int NOT NULL,
                  PRIMARY KEY (owner_id, address, day));
                CREATE INDEX ix_recipient_count_day ON recipient_count (day);
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE recipient_count, send_count, send_limit;");

            migrationBuilder.DropForeignKey(
                name: "fk_sequence_calendar_calendar_id",
                table: "sequence");

            migrationBuilder.DropTable(
                name: "calendar");

            migrationBuilder.DropIndex(
                name: "ix_step_job_owner_id_due_at_id",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_sequence_calendar_id",
                table: "sequence");

            migrationBuilder.DropColumn(
                name: "calendar_id",
                table: "sequence");

            migrationBuilder.DropColumn(
                name: "is_first",
                table: "step_job");

            migrationBuilder.DropColumn(
                name: "waiting_for",
                table: "step_job");

            migrationBuilder.DropColumn(
                name: "wanted_at",
                table: "step_job");

            migrationBuilder.DropColumn(
                name: "schedule",
                table: "sequence");

            migrationBuilder.DropColumn(
                name: "has_slot",
                table: "attempt");
        }
    }
}
