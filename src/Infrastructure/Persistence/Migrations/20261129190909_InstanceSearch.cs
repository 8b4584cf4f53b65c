using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Finds instances by the beginning of an address or a name. The index of addresses still answers for whole ones.</summary>
    public partial class InstanceSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_instance_owner_id_email_key",
                table: "instance");

            migrationBuilder.CreateIndex(
                name: "ix_instance_owner_id_email_key",
                table: "instance",
                columns: new[] { "owner_id", "email_key" })
                .Annotation("Npgsql:IndexOperators", new[] { null, "text_pattern_ops" });

            migrationBuilder.Sql(
                "CREATE INDEX ix_instance_owner_id_name ON instance (owner_id, lower(name) text_pattern_ops) WHERE name IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_instance_owner_id_name");

            migrationBuilder.DropIndex(
                name: "ix_instance_owner_id_email_key",
                table: "instance");

            migrationBuilder.CreateIndex(
                name: "ix_instance_owner_id_email_key",
                table: "instance",
                columns: new[] { "owner_id", "email_key" });
        }
    }
}
