using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Jobs that are due at the same instant have an order of their own: follow-ups first, then by when they were wanted.</summary>
    public partial class JobOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_step_job_due_at_id",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_owner_id_due_at_id",
                table: "step_job");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_ready",
                table: "step_job",
                columns: new[] { "due_at", "is_first", "wanted_at", "id" },
                filter: "state = 'ready'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_turn",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "wanted_at", "id" },
                filter: "state = 'ready'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_step_job_ready",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_turn",
                table: "step_job");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_due_at_id",
                table: "step_job",
                columns: new[] { "due_at", "id" },
                filter: "state = 'ready'");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_owner_id_due_at_id",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "id" },
                filter: "state = 'ready'");
        }
    }
}
