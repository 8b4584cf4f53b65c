using Quartz;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Keeps the statistics small. A trigger on the log inserts rows into <c>step_stat_delta</c> in the transaction that writes the events, without
/// updating a row that another transaction writes; this job folds them into <c>step_stat</c>, for the day, the month and all time. Readers sum both
/// tables, so folding does not change any result. The messages of the last day also go to <c>sent_slice</c>, which is read without the rows that are
/// not folded yet.
/// </summary>
internal sealed class StepStatRollup(NpgsqlDataSource dataSource)
{
    private const int BatchRows = 5_000;

    /// <summary>
    /// Moves a batch in one transaction. Uncommitted rows are not visible and stay for a later batch. The advisory lock prevents two nodes from
    /// waiting for each other's sums; a node that does not get it does nothing. Rows of a deleted sequence are dropped.
    /// </summary>
    private static readonly string FoldSql = $"""
        WITH taken AS (
          DELETE FROM step_stat_delta
          WHERE id IN (SELECT id FROM step_stat_delta ORDER BY id LIMIT {BatchRows}) AND pg_try_advisory_xact_lock(7309453571)
          RETURNING *),
        sliced AS (
          INSERT INTO sent_slice (owner_id, slice, count)
          SELECT t.owner_id, t.slice, sum(t.count) FROM taken t JOIN app_user u ON u.id = t.owner_id
          WHERE t.slice > now() - interval '1 day 1 minute' GROUP BY 1, 2
          ON CONFLICT (owner_id, slice) DO UPDATE SET count = sent_slice.count + excluded.count),
        added AS (
          INSERT INTO step_stat (owner_id, sequence_id, version, step_index, variant, span, day, metric, bucket, count)
          SELECT t.owner_id, t.sequence_id, t.version, t.step_index, t.variant, p.span, p.day, t.metric, t.bucket, sum(t.count)
          FROM taken t JOIN sequence s ON s.id = t.sequence_id
          CROSS JOIN LATERAL (VALUES ('day', t.day), ('month', date_trunc('month', t.day)::date), ('all', date '-infinity')) p (span, day)
          GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
          ON CONFLICT (sequence_id, span, day, version, step_index, variant, metric, bucket) DO UPDATE SET count = step_stat.count + excluded.count)
        SELECT count(*) FROM taken
        """;

    /// <summary>The same for the number of instances that a sequence has in each status.</summary>
    private static readonly string FoldInstancesSql = $"""
        WITH taken AS (
          DELETE FROM instance_count_delta
          WHERE id IN (SELECT id FROM instance_count_delta ORDER BY id LIMIT {BatchRows}) AND pg_try_advisory_xact_lock(7309453572)
          RETURNING *),
        added AS (
          INSERT INTO instance_count (sequence_id, status, count)
          SELECT t.sequence_id, t.status, sum(t.count) FROM taken t JOIN sequence s ON s.id = t.sequence_id GROUP BY 1, 2
          ON CONFLICT (sequence_id, status) DO UPDATE SET count = instance_count.count + excluded.count)
        SELECT count(*) FROM taken
        """;

    /// <summary>Folds until less than a batch is left.</summary>
    public async Task Fold(CancellationToken cancellationToken)
    {
        await Fold(FoldSql, cancellationToken);
        await Fold(FoldInstancesSql, cancellationToken);
    }

    private async Task Fold(string sql, CancellationToken cancellationToken)
    {
        long folded;
        do
        {
            await using var command = dataSource.CreateCommand(sql);
            folded = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        } while (folded == BatchRows);
    }
}

/// <summary>Quartz job, every 5 s: folds the statistics.</summary>
[DisallowConcurrentExecution]
internal sealed class FoldJob(StepStatRollup rollup, DatabaseReadiness database, DatabaseWatch watch) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (database.IsReady)
        {
            await watch.Run("fold the statistics", rollup.Fold, cancellationToken);
        }
    }
}
