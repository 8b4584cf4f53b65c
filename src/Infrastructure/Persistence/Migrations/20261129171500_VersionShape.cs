using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>The shape of a version beside its steps, so that plans, statistics and lists need not read the texts.</summary>
    [DbContext(typeof(FollowUpDbContext))]
    [Migration("20261129171500_VersionShape")]
    public partial class VersionShape : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A column that EF Core does not know: only one statement reads it, and none writes it.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION step_shapes(steps jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                  SELECT coalesce(jsonb_agg(
                    CASE WHEN step ? 'message' THEN (step - '{subject,body,variants,thread,message}'::text[]) || '{"message": ""}'
                         ELSE step - '{subject,body,variants,thread}'::text[] END ORDER BY place), '[]')
                  FROM jsonb_array_elements(steps) WITH ORDINALITY AS s (step, place)
                $$;

                ALTER TABLE sequence_version ADD COLUMN shape jsonb GENERATED ALWAYS AS (step_shapes(steps)) STORED;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                ALTER TABLE sequence_version DROP COLUMN shape;
                DROP FUNCTION step_shapes(jsonb);
                """
            );
        }
    }
}
