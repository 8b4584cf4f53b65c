namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Reads the figures of one owner. Each statement is bounded, whatever the number of the owner's instances, and locks nothing.</summary>
internal sealed class FeedReader(NpgsqlDataSource dataSource, QueryTimeout timeout)
{
    private const int MostCounted = 10_000;
    private const int MostScheduled = 100_000;

    /// <summary>
    /// Excludes the rows of deleted sequences, which their operation removes. It is applied to rows that a limit has bounded already: inside of the
    /// limit, a deleted sequence of a million instances would be read to its end.
    /// </summary>
    private const string Kept = "sequence_id <> ALL (ARRAY(SELECT id FROM sequence WHERE owner_id = $1 AND deleted_at IS NOT NULL))";

    /// <summary>
    /// Attention: at most 10,000 entries of a partial index for each kind. Sent: at most 8,640 kept counts; those that are not folded yet have no index
    /// by owner and are left out. Due: the first entry of the index of the owner's jobs, for each side of now, or at most 10,000 entries if they are of
    /// deleted sequences.
    /// </summary>
    private static readonly string OverviewSql = $"""
        SELECT now(), {Waiting("failed")}, {Waiting("inDoubt")}, {Waiting("late")},
               {Sent("50 seconds")}, {Sent("59 minutes 50 seconds")}, {Sent("23 hours 59 minutes 50 seconds")},
               extract(epoch FROM now() - {FirstDue("<=")})::float8, {FirstDue(">")}
        """;

    private const string LagSql = "SELECT lag FROM node WHERE seen_at > now() - interval '1 minute'";

    private const string ChannelsSql = """
        SELECT channel,
               CASE WHEN open_until IS NOT NULL THEN 'open' WHEN backlog_until IS NOT NULL THEN 'recovering' ELSE 'closed' END,
               CASE WHEN open_until IS NOT NULL THEN cause END, open_until
        FROM channel_breaker ORDER BY channel
        """;

    /// <summary>
    /// Reads at most 100,000 entries of each type, by the indexes that start with the owner. WAIT has no such index, so its steps are read among those
    /// of all types.
    /// </summary>
    private static readonly string ForecastSql = $"""
        WITH period AS (
          SELECT date_bin('1 hour', now(), 'epoch') AS start,
                 date_bin('1 hour', now(), 'epoch') + {ForecastView.MostHours} * interval '1 hour' AS stop),
        email AS MATERIALIZED ({Scheduled("step_type = 'EMAIL'", MostScheduled)}),
        sms AS MATERIALIZED ({Scheduled("step_type = 'SMS'", MostScheduled)}),
        step AS MATERIALIZED ({Scheduled("true", MostScheduled * 2)}),
        cut AS (
          SELECT max(due_at) AS at FROM email HAVING count(*) = {MostScheduled}
          UNION ALL
          SELECT max(due_at) FROM sms HAVING count(*) = {MostScheduled}
          UNION ALL
          SELECT max(due_at) FROM step HAVING count(*) = {MostScheduled * 2}),
        counted AS (
          SELECT due_at, step_type FROM email WHERE {Kept}
          UNION ALL
          SELECT due_at, step_type FROM sms WHERE {Kept}
          UNION ALL
          SELECT due_at, step_type FROM step WHERE step_type = 'WAIT' AND {Kept}),
        hours AS (
          SELECT date_bin('1 hour', greatest(due_at, (SELECT start FROM period)), 'epoch') AS hour,
                 count(*) FILTER (WHERE step_type = 'EMAIL')::int AS email, count(*) FILTER (WHERE step_type = 'SMS')::int AS sms,
                 count(*) FILTER (WHERE step_type = 'WAIT')::int AS wait
          FROM counted GROUP BY 1)
        SELECT now(), p.start, p.stop, (SELECT min(at) FROM cut), h.hour, h.email, h.sms, h.wait
        FROM period p LEFT JOIN hours h ON true ORDER BY h.hour
        """;

    public async Task<OverviewView> Overview(OwnerId owner)
    {
        await using var batch = dataSource.CreateBatch();
        batch.Timeout = timeout.Seconds;
        batch.BatchCommands.Add(new(OverviewSql) { Parameters = { new() { Value = owner.Value } } });
        batch.BatchCommands.Add(new(LagSql));
        batch.BatchCommands.Add(new(ChannelsSql));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var overview = new OverviewView(
            reader.GetFieldValue<DateTimeOffset>(0),
            new AttentionCounts((int)reader.GetInt64(1), (int)reader.GetInt64(2), (int)reader.GetInt64(3)),
            new SentCounts(reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)),
            new LagView(null, null),
            reader.IsDBNull(7) ? null : Math.Round(reader.GetDouble(7), 3),
            reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
            []
        );
        await reader.NextResultAsync();
        var counts = new long[LagWindow.Buckets];
        while (await reader.ReadAsync())
        {
            var lag = reader.GetFieldValue<int[]>(0);
            for (var bucket = 0; bucket < Math.Min(lag.Length, counts.Length); bucket++)
            {
                counts[bucket] += lag[bucket];
            }
        }

        await reader.NextResultAsync();
        List<ChannelState> channels = [];
        while (await reader.ReadAsync())
        {
            channels.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)
                )
            );
        }

        return overview with
        {
            Lag = new LagView(LagWindow.Quantile(counts, 0.5), LagWindow.Quantile(counts, 0.99)),
            Breakers = channels,
        };
    }

    /// <summary>The longest forecast.</summary>
    public async Task<ForecastView> Forecast(OwnerId owner)
    {
        await using var command = dataSource.CreateCommand(ForecastSql);
        command.CommandTimeout = timeout.Seconds;
        command.Parameters.Add(new() { Value = owner.Value });
        await using var reader = await command.ExecuteReaderAsync();
        List<ForecastHour> listed = [];
        ForecastView? forecast = null;
        while (await reader.ReadAsync())
        {
            forecast ??= new ForecastView(
                reader.GetFieldValue<DateTimeOffset>(0),
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                listed
            );
            if (!reader.IsDBNull(4))
            {
                listed.Add(new(reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7)));
            }
        }

        return forecast!;
    }

    private static string Waiting(string attention) =>
        $"""
            (SELECT count(*) FROM (
              SELECT sequence_id FROM instance WHERE owner_id = $1 AND attention = '{attention}' LIMIT {MostCounted}) waiting WHERE {Kept})
            """;

    /// <summary>The kept counts of ten seconds each: the current ones and those that began in the given time before them.</summary>
    private static string Sent(string before) =>
        $"""
            (SELECT coalesce(sum(count), 0)::bigint FROM sent_slice
             WHERE owner_id = $1 AND slice >= date_bin('10 s', now(), 'epoch') - interval '{before}')
            """;

    private static string FirstDue(string side) =>
        $"""
            (SELECT due_at FROM (
               SELECT due_at, sequence_id FROM step_job WHERE owner_id = $1 AND claimable AND state = 'ready' AND due_at {side} now()
               ORDER BY due_at LIMIT {MostCounted}) soonest
             WHERE {Kept} ORDER BY due_at LIMIT 1)
            """;

    private static string Scheduled(string type, int most) =>
        $"""
            SELECT due_at, step_type, sequence_id FROM step_job
            WHERE owner_id = $1 AND claimable AND {type} AND due_at < (SELECT stop FROM period) ORDER BY due_at LIMIT {most}
            """;
}
