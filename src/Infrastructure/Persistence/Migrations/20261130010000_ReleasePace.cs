using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>
    /// The pace at which the jobs of an unblocked user are released, and an index in the order in which they are. Drops the columns of
    /// <c>channel_breaker</c> that the evidence replaced.
    /// </summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261130010000_ReleasePace")]
    public partial class ReleasePace : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE TABLE release_pace (
                  owner_id uuid PRIMARY KEY REFERENCES app_user (id) ON DELETE CASCADE,
                  next_slot timestamptz NOT NULL);
                DROP INDEX ix_step_job_owner_blocked;
                CREATE INDEX ix_step_job_owner_blocked ON step_job (owner_id, due_at, is_first, in_line_since, id)
                  WHERE park_reason = 'ownerBlocked';
                ALTER TABLE channel_breaker DROP COLUMN IF EXISTS several, DROP COLUMN IF EXISTS last_instance_id;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                ALTER TABLE channel_breaker ADD COLUMN several boolean NOT NULL DEFAULT false, ADD COLUMN last_instance_id uuid;
                DROP INDEX ix_step_job_owner_blocked;
                CREATE INDEX ix_step_job_owner_blocked ON step_job (owner_id) WHERE park_reason = 'ownerBlocked';
                DROP TABLE release_pace;
                """
            );
        }
    }
}
