using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>
    /// Indexes of the few jobs that are in doubt, which the sweep reads, and of those that wait for a gap, whose last one a new mail asks for. Neither
    /// names a column that a claim changes.
    /// </summary>
    public partial class QueueIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job");

            migrationBuilder.AddColumn<bool>(
                name: "doubtful",
                table: "step_job",
                type: "boolean",
                nullable: false,
                computedColumnSql: "state = 'in_doubt'",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_step_job_gap",
                table: "step_job",
                columns: new[] { "owner_id", "due_at" },
                filter: "claimable AND waiting_for -> -1 ->> 'reason' = 'gap'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job",
                column: "due_at",
                filter: "doubtful");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_step_job_gap",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job");

            migrationBuilder.DropColumn(
                name: "doubtful",
                table: "step_job");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_in_doubt",
                table: "step_job",
                column: "due_at",
                filter: "NOT claimable");
        }
    }
}
