using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>The messages of each owner, channel and day, counted against the operator's ceilings.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261129183500_Ceilings")]
    public partial class Ceilings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE TABLE ceiling_count (
                  owner_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
                  channel text NOT NULL,
                  day date NOT NULL,
                  taken integer NOT NULL,
                  PRIMARY KEY (owner_id, channel, day));
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE ceiling_count;");
        }
    }
}
