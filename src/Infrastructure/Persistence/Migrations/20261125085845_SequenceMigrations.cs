using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class EfSequenceMigrations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "sequence_migration",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    policy = table.Column<string>(type: "text", nullable: false),
                    map = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    moved = table.Column<int>(type: "integer", nullable: false),
                    ended = table.Column<int>(type: "integer", nullable: false),
                    in_doubt = table.Column<int>(type: "integer", nullable: false),
                    stayed = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    cursor = table.Column<Guid>(type: "uuid", nullable: true),
                    walked = table.Column<bool>(type: "boolean", nullable: false),
                    deferred = table.Column<Guid[]>(type: "uuid[]", nullable: false),
                    next_slot = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    completed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sequence_migration", x => x.id);
                    table.ForeignKey(
                        name: "fk_sequence_migration_sequence_sequence_id",
                        column: x => x.sequence_id,
                        principalTable: "sequence",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sequence_migration_sequence_id_id",
                table: "sequence_migration",
                columns: new[] { "sequence_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_sequence_migration_running_once",
                table: "sequence_migration",
                column: "sequence_id",
                unique: true,
                filter: "state = 'running'");

            migrationBuilder.Sql(
                """
                ALTER TABLE sequence_migration
                  ADD CONSTRAINT ck_sequence_migration_policy CHECK (policy IN ('stay', 'content', 'map')),
                  ADD CONSTRAINT ck_sequence_migration_state CHECK (state IN ('running', 'stopped', 'completed')),
                  ADD CONSTRAINT ck_sequence_migration_completed CHECK ((state = 'completed') = (completed_at IS NOT NULL));
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sequence_migration");
        }
    }
}
