namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Reads what operators see, at most once in two seconds. Locks nothing. The queue is the last count of this node's gauge.</summary>
internal sealed class SystemFigures : ISystemFigures
{
    private const int MostNodes = 200;
    private const int MostHistory = 20;
    private const int MostLooked = 10_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private static readonly string NodesSql = $"""
        SELECT id, role, version, lanes, busy, started_at, seen_at, clock_ahead FROM node ORDER BY seen_at DESC, id LIMIT {MostNodes}
        """;

    private static readonly string BreakersSql = $"""
        SELECT b.channel, CASE WHEN b.open_until IS NOT NULL THEN 'open' WHEN b.backlog_until IS NOT NULL THEN 'recovering' ELSE 'closed' END,
               CASE WHEN b.open_until IS NOT NULL THEN b.cause END, b.open_until, t.state, t.cause, t.at
        FROM channel_breaker b
        LEFT JOIN LATERAL (SELECT * FROM breaker_transition t WHERE t.channel = b.channel ORDER BY t.id DESC LIMIT {MostHistory}) t ON true
        ORDER BY b.channel, t.id DESC
        """;

    /// <summary>
    /// The views of PostgreSQL; a role without pg_monitor sees all sessions, but the start of a transaction only for its own sessions. Of the due steps,
    /// at most 10,000 are read to find one whose provider is not down.
    /// </summary>
    private static readonly string DatabaseSql = $"""
        SELECT now(), pg_database_size(current_database()),
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'),
               current_setting('max_connections')::int,
               coalesce((SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float8 FROM pg_stat_activity
                         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'), 0),
               coalesce((SELECT sum(n_dead_tup)::bigint FROM pg_stat_user_tables
                         WHERE relid = ANY (ARRAY['step_job', 'instance', 'step_stat_delta', 'instance_count_delta']::regclass[])), 0),
               coalesce((SELECT sum(n_live_tup)::bigint FROM pg_stat_user_tables
                         WHERE relid = ANY (ARRAY['step_job', 'instance', 'step_stat_delta', 'instance_count_delta']::regclass[])), 0),
               (SELECT now() - due_at FROM (
                  SELECT due_at, step_type FROM step_job WHERE claimable AND state = 'ready' AND due_at <= now()
                  ORDER BY due_at LIMIT {MostLooked}) due
                WHERE step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE open_until IS NOT NULL OR backlog_until IS NOT NULL))
                ORDER BY due_at LIMIT 1),
               (SELECT now() - due_at FROM step_job WHERE doubtful ORDER BY due_at LIMIT 1)
        """;

    private readonly NpgsqlDataSource _dataSource;
    private readonly QueryTimeout _timeout;
    private readonly QueueGauge _gauge;
    private readonly SharedRead<SystemState> _state;

    public SystemFigures(NpgsqlDataSource dataSource, QueryTimeout timeout, QueueGauge gauge, TimeProvider time)
    {
        (_dataSource, _timeout, _gauge) = (dataSource, timeout, gauge);
        _state = new SharedRead<SystemState>(Read, Period, time);
    }

    public Task<SystemState> Read(CancellationToken cancellationToken) => _state.Get(cancellationToken);

    private async Task<SystemState> Read()
    {
        await using var batch = _dataSource.CreateBatch();
        batch.Timeout = _timeout.Seconds;
        batch.BatchCommands.Add(new(DatabaseSql));
        batch.BatchCommands.Add(new(BreakersSql));
        batch.BatchCommands.Add(new(NodesSql));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var now = reader.GetFieldValue<DateTimeOffset>(0);
        var database = new DatabaseView(
            reader.GetInt64(1),
            reader.GetInt32(2),
            reader.GetInt32(3),
            Math.Round(reader.GetDouble(4), 3),
            reader.GetInt64(5)
        );
        var rows = reader.GetInt64(6);
        TimeSpan? oldestDue = reader.IsDBNull(7) ? null : reader.GetTimeSpan(7);
        TimeSpan? oldestDoubt = reader.IsDBNull(8) ? null : reader.GetTimeSpan(8);
        await reader.NextResultAsync();
        var breakers = await Breakers(reader);
        await reader.NextResultAsync();
        var (nodes, clocks) = await Nodes(reader);
        var queue = _gauge.Last;
        var view = new SystemView(now, nodes, queue?.Counts ?? [], queue?.At, breakers, database, []);
        return new(view, clocks, rows, oldestDue, oldestDoubt);
    }

    private static async Task<(List<NodeView>, Dictionary<string, TimeSpan>)> Nodes(NpgsqlDataReader reader)
    {
        List<NodeView> nodes = [];
        Dictionary<string, TimeSpan> clocks = [];
        while (await reader.ReadAsync())
        {
            nodes.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetInt32(3),
                    reader.GetInt32(4),
                    reader.GetFieldValue<DateTimeOffset>(5),
                    reader.GetFieldValue<DateTimeOffset>(6)
                )
            );
            clocks[reader.GetString(0)] = reader.GetTimeSpan(7);
        }

        return (nodes, clocks);
    }

    private static async Task<List<BreakerView>> Breakers(NpgsqlDataReader reader)
    {
        List<BreakerView> breakers = [];
        List<BreakerTransition> history = [];
        while (await reader.ReadAsync())
        {
            if (breakers.Count == 0 || breakers[^1].Channel != reader.GetString(0))
            {
                history = [];
                breakers.Add(
                    new(
                        reader.GetString(0),
                        reader.GetString(1),
                        reader.IsDBNull(2) ? null : reader.GetString(2),
                        reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                        history
                    )
                );
            }

            if (!reader.IsDBNull(4))
            {
                history.Add(
                    new(reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6))
                );
            }
        }

        return breakers;
    }
}
