namespace FollowUp.Infrastructure.Instances;

/// <summary>The horizon of the log for the live streams of this node, which ask every second: it reads all locks of the database.</summary>
internal sealed class RecentLogHorizon
{
    /// <summary>A little less than the streams' second, so that a single stream never gets the value of its last tick again.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(900);

    private readonly SharedRead<long> _horizon;

    public RecentLogHorizon(NpgsqlDataSource dataSource, QueryTimeout timeout, TimeProvider time) =>
        _horizon = new SharedRead<long>(() => Read(dataSource, timeout), Period, time);

    public Task<long> Read(CancellationToken cancellationToken) => _horizon.Get(cancellationToken);

    private static async Task<long> Read(NpgsqlDataSource dataSource, QueryTimeout timeout)
    {
        await using var command = dataSource.CreateCommand("SELECT follow_up_event_horizon()");
        command.CommandTimeout = timeout.Seconds;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
