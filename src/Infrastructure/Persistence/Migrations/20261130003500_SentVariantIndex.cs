using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Finds the instances that were sent a variant. Only events of steps with variants are in the index.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261130003500_SentVariantIndex")]
    public partial class SentVariantIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE INDEX ix_follow_up_event_variant ON follow_up_event (owner_id, (content ->> 'variant'), instance_id)
                WHERE status = 'sent' AND content ->> 'variant' IS NOT NULL;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_follow_up_event_variant;");
        }
    }
}
