using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Finds events of one type. Those that every step or instance has are not in the index, so a step writes no entry.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261130093500_RareEventIndex")]
    public partial class RareEventIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE INDEX ix_follow_up_event_type ON follow_up_event (owner_id, type, position)
                WHERE type NOT IN ('EMAIL', 'SMS', 'WAIT', 'enrolled', 'completed');
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_follow_up_event_type;");
        }
    }
}
