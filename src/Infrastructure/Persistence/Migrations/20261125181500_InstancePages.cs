using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Room in the pages of instances, so that a step need not touch their indexes.</summary>
    public partial class InstancePages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Instances that were enrolled together lie together and take their steps together: a page needs room for a second version of each of its
            // rows, or most of these versions go to another page, and into every index.
            migrationBuilder.Sql("ALTER TABLE instance SET (fillfactor = 50)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE instance SET (fillfactor = 80)");
        }
    }
}
