using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>In which world a key acts.</summary>
    public partial class SandboxKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "api_key",
                type: "text",
                nullable: false,
                defaultValue: "live");
            migrationBuilder.Sql("ALTER TABLE api_key ADD CONSTRAINT ck_api_key_kind CHECK (kind IN ('live', 'sandbox'));");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE api_key DROP CONSTRAINT ck_api_key_kind;");
            migrationBuilder.DropColumn(
                name: "kind",
                table: "api_key");
        }
    }
}
