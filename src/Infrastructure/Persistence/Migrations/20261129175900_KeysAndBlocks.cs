using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Expiry and last use of API keys, and the users that an operator has blocked.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261129175900_KeysAndBlocks")]
    public partial class KeysAndBlocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "api_key",
                type: "timestamp with time zone",
                nullable: true
            );
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_used_at",
                table: "api_key",
                type: "timestamp with time zone",
                nullable: true
            );
            // A table and not a column of app_user: nearly always empty, so that a claim looks into it at no cost. The index does not name state,
            // so a claim of a job still touches no index.
            migrationBuilder.Sql(
                """
                CREATE TABLE blocked_owner (
                  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
                  blocked_by uuid NOT NULL,
                  blocked_at timestamptz NOT NULL DEFAULT now());
                CREATE INDEX ix_step_job_owner_blocked ON step_job (owner_id) WHERE park_reason = 'ownerBlocked';
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_step_job_owner_blocked; DROP TABLE blocked_owner;");
            migrationBuilder.DropColumn(name: "last_used_at", table: "api_key");
            migrationBuilder.DropColumn(name: "expires_at", table: "api_key");
        }
    }
}
