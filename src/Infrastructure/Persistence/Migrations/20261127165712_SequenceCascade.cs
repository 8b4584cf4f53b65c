using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>Enrolments no longer look their sequence up row by row, and a deleted sequence takes its instances along in one statement.</summary>
    public partial class SequenceCascade : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Whoever enrols has locked the sequence (FOR SHARE), so what the key was left with is the cascade.
            migrationBuilder.Sql(
                """
                ALTER TABLE instance DROP CONSTRAINT fk_instance_sequences_sequence_id;

                CREATE FUNCTION sequence_cascade() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  DELETE FROM instance i USING gone g WHERE i.sequence_id = g.id;
                  RETURN NULL;
                END $$;

                CREATE TRIGGER sequence_cascade AFTER DELETE ON sequence
                  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sequence_cascade();
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER sequence_cascade ON sequence;
                DROP FUNCTION sequence_cascade();
                ALTER TABLE instance ADD CONSTRAINT fk_instance_sequences_sequence_id
                  FOREIGN KEY (sequence_id) REFERENCES sequence (id) ON DELETE CASCADE;
                """
            );
        }
    }
}
