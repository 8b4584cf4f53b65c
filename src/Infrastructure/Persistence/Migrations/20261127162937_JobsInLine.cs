using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Jobs have an order without a null in it, so that a claim can begin in the middle of those that are due at one instant.</summary>
    public partial class JobsInLine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_step_job_claimable",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_turn",
                table: "step_job");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "in_line_since",
                table: "step_job",
                type: "timestamp with time zone",
                nullable: false,
                computedColumnSql: "coalesce(wanted_at, due_at)",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_step_job_claimable",
                table: "step_job",
                columns: new[] { "due_at", "is_first", "in_line_since", "id" },
                filter: "claimable");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_turn",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "in_line_since", "id" },
                filter: "claimable");

            // While a transaction is open for long, nothing that was done meanwhile can be cleaned up. A page of instances has room then for two more
            // versions of each of its rows, and one of jobs for a claim's, which is wider by its owner and its lease; what finds no room goes to
            // another page, and into every index.
            migrationBuilder.Sql("ALTER TABLE instance SET (fillfactor = 33)");
            migrationBuilder.Sql("ALTER TABLE step_job SET (fillfactor = 40)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE instance SET (fillfactor = 50)");
            migrationBuilder.Sql("ALTER TABLE step_job SET (fillfactor = 50)");

            migrationBuilder.DropIndex(
                name: "ix_step_job_claimable",
                table: "step_job");

            migrationBuilder.DropIndex(
                name: "ix_step_job_turn",
                table: "step_job");

            migrationBuilder.DropColumn(
                name: "in_line_since",
                table: "step_job");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_claimable",
                table: "step_job",
                columns: new[] { "due_at", "is_first", "wanted_at", "id" },
                filter: "claimable");

            migrationBuilder.CreateIndex(
                name: "ix_step_job_turn",
                table: "step_job",
                columns: new[] { "owner_id", "due_at", "is_first", "wanted_at", "id" },
                filter: "claimable");
        }
    }
}
