using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Positions in the log and the horizon up to which they are final, so that a reader who follows the log misses no event.</summary>
    public partial class EventPositions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("EventPositions"));

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER follow_up_event_announce ON follow_up_event;
                DROP FUNCTION follow_up_event_announce(), follow_up_event_horizon();
                DROP INDEX ix_follow_up_event_owner_id_sent_at;
                ALTER TABLE follow_up_event DROP COLUMN position;
                CREATE INDEX ix_follow_up_event_owner_id_sent_at_instance_id_number ON follow_up_event (owner_id, sent_at, instance_id, number);
                """
            );
        }
    }
}
