using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>A leased job names the claim of its node that leased it, so that a node whose claim got no answer finds the jobs of that claim.</summary>
    public partial class ClaimNumber : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE step_job ADD COLUMN claim_number integer");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE step_job DROP COLUMN claim_number");
    }
}
