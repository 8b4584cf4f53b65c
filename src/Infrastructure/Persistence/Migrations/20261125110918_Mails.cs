using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>The first mail of an instance, under which later ones go, and the secrets that the nodes share.</summary>
    public partial class Mails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "thread_message_id",
                table: "instance",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "thread_subject",
                table: "instance",
                type: "text",
                nullable: true);

            // What the nodes of one database share and no client ever sees, such as the key of the links for unsubscribing.
            migrationBuilder.Sql(
                """
                CREATE TABLE secret (
                  name text PRIMARY KEY,
                  value bytea NOT NULL,
                  created_at timestamptz NOT NULL);
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE secret;");

            migrationBuilder.DropColumn(
                name: "thread_message_id",
                table: "instance");

            migrationBuilder.DropColumn(
                name: "thread_subject",
                table: "instance");
        }
    }
}
