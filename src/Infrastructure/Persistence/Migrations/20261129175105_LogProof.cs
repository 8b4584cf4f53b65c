using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Checkpoints of timelines, guards that name their tables in full, and tombstones of deleted sequences.</summary>
    public partial class LogProof : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(SqlFile.Read("LogProof"));

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER sequence_tombstone_add ON instance;
                DROP TABLE sequence_tombstone, log_seal_start;
                DROP TRIGGER follow_up_event_no_delete ON follow_up_event;
                DROP TRIGGER follow_up_event_no_change ON follow_up_event;
                DROP TRIGGER follow_up_event_no_truncate ON follow_up_event;
                DROP FUNCTION sequence_tombstone_add(), follow_up_event_no_delete(), append_only();
                ALTER TABLE instance DROP COLUMN event_seal;

                CREATE FUNCTION follow_up_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF TG_OP = 'DELETE' THEN
                    IF NOT EXISTS (SELECT 1 FROM sequence WHERE id = OLD.sequence_id) THEN
                      RETURN OLD;
                    END IF;
                  END IF;
                  RAISE EXCEPTION 'follow_up_event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
                END $$;
                CREATE TRIGGER follow_up_event_no_change BEFORE UPDATE OR DELETE ON follow_up_event
                  FOR EACH ROW EXECUTE FUNCTION follow_up_event_guard();
                CREATE TRIGGER follow_up_event_no_truncate BEFORE TRUNCATE ON follow_up_event
                  FOR EACH STATEMENT EXECUTE FUNCTION follow_up_event_guard();
                """
            );
        }
    }
}
