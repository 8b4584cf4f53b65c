using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>The rollup is added up by month and for all time too, so that a question about years does not read each day.</summary>
    public partial class StatisticsBySpan : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                ALTER TABLE step_stat ADD COLUMN span text NOT NULL DEFAULT 'day' CHECK (span IN ('day', 'month', 'all'));
                ALTER TABLE step_stat ALTER COLUMN span DROP DEFAULT, DROP CONSTRAINT step_stat_pkey;
                INSERT INTO step_stat (owner_id, sequence_id, version, step_index, variant, metric, span, day, bucket, count)
                SELECT owner_id, sequence_id, version, step_index, variant, metric, p.span, p.day, bucket, sum(count)
                FROM step_stat s
                CROSS JOIN LATERAL (VALUES ('month', date_trunc('month', s.day)::date), ('all', date '-infinity')) p (span, day)
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
                ALTER TABLE step_stat ADD PRIMARY KEY (sequence_id, span, day, version, step_index, variant, metric, bucket);

                CREATE OR REPLACE VIEW step_stat_sum AS
                  SELECT owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count, span FROM step_stat
                  UNION ALL
                  SELECT owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count, 'new' FROM step_stat_delta;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP VIEW step_stat_sum;
                DELETE FROM step_stat WHERE span <> 'day';
                ALTER TABLE step_stat DROP CONSTRAINT step_stat_pkey, DROP COLUMN span;
                ALTER TABLE step_stat ADD PRIMARY KEY (sequence_id, version, step_index, variant, metric, day, bucket);
                CREATE VIEW step_stat_sum AS
                  SELECT owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count FROM step_stat
                  UNION ALL
                  SELECT owner_id, sequence_id, version, step_index, variant, metric, day, bucket, count FROM step_stat_delta;
                """
            );
        }
    }
}
