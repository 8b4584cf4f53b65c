using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>How often a mail server asked for a later try of an instance's current step. A constant default: the table is not rewritten.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261129174000_Deferrals")]
    public class Deferrals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE instance ADD COLUMN deferrals integer NOT NULL DEFAULT 0;");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("ALTER TABLE instance DROP COLUMN deferrals;");
    }
}
