using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Keeps when an event was written, and finds the few that were written long after they happened.</summary>
    public partial class LateEvents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In two steps: a column that is added with this default would be written into all rows, of a log that may have millions.
            migrationBuilder.Sql(
                """
                ALTER TABLE follow_up_event ADD COLUMN written_at timestamptz;
                ALTER TABLE follow_up_event ALTER COLUMN written_at SET DEFAULT clock_timestamp();
                CREATE INDEX ix_follow_up_event_late ON follow_up_event (owner_id, sent_at, position)
                WHERE written_at - sent_at > interval '1 hour';
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_follow_up_event_late; ALTER TABLE follow_up_event DROP COLUMN written_at;");
        }
    }
}
