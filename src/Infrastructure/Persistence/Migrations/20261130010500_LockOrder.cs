using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>
    /// The cascades lock rows in the order of ids before they delete them, as every statement does that locks several rows and waits. A plain DELETE
    /// locks them in the order of its plan. Taking this back is not needed: the functions of before have the same result.
    /// </summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261130010500_LockOrder")]
    public partial class LockOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("LockOrder"));

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) { }
    }
}
