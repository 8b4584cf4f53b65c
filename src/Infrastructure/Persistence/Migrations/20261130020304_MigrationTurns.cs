using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class MigrationTurns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<int>(
                name: "total",
                table: "sequence_migration",
                type: "integer",
                nullable: true,
                oldClrType: typeof(int),
                oldType: "integer");

            migrationBuilder.AddColumn<int>(
                name: "failures",
                table: "sequence_migration",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "run_after",
                table: "sequence_migration",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.CreateIndex(
                name: "ix_sequence_migration_turn",
                table: "sequence_migration",
                columns: new[] { "owner_id", "updated_at", "id" },
                filter: "state = 'running'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sequence_migration_turn",
                table: "sequence_migration");

            migrationBuilder.DropColumn(
                name: "failures",
                table: "sequence_migration");

            migrationBuilder.DropColumn(
                name: "run_after",
                table: "sequence_migration");

            migrationBuilder.AlterColumn<int>(
                name: "total",
                table: "sequence_migration",
                type: "integer",
                nullable: false,
                defaultValue: 0,
                oldClrType: typeof(int),
                oldType: "integer",
                oldNullable: true);
        }
    }
}
