using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>After an outage: up to which due instant a channel's steps are its backlog, and up to when the pace of letting it out is used up.</summary>
    public partial class BreakerBacklog : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                ALTER TABLE channel_breaker
                  ADD COLUMN backlog_until timestamptz,
                  ADD COLUMN paced_until timestamptz,
                  ADD CONSTRAINT ck_channel_breaker_backlog CHECK ((backlog_until IS NULL) = (paced_until IS NULL));
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE channel_breaker DROP COLUMN backlog_until, DROP COLUMN paced_until;");
    }
}
