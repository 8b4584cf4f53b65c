using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>
    /// What a breaker remembers of failures and probes, and why it is open. The columns <c>several</c> and <c>last_instance_id</c> stay for nodes of the
    /// version before, which write them during an upgrade.
    /// </summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261129172000_BreakerEvidence")]
    public class BreakerEvidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                ALTER TABLE channel_breaker ADD COLUMN cause text, ADD COLUMN evidence jsonb NOT NULL DEFAULT '{}';
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE channel_breaker DROP COLUMN cause, DROP COLUMN evidence;");
    }
}
