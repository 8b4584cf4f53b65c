using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Finds a channel's due steps owner by owner. Waits have no entry.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261130021500_ChannelIndex")]
    public partial class ChannelIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE INDEX ix_step_job_channel ON step_job (step_type, owner_id, due_at, is_first, in_line_since, id)
                WHERE claimable AND step_type <> 'WAIT';
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_step_job_channel;");
        }
    }
}
