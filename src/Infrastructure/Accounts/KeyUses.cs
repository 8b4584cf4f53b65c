namespace FollowUp.Infrastructure.Accounts;

/// <summary>Collects the hours in which API keys were used and writes them once a minute. A node that dies loses up to a minute of them.</summary>
internal sealed partial class KeyUses(NpgsqlDataSource dataSource, TimeProvider time, ILogger<KeyUses> logger)
    : BackgroundService,
        IApiKeyUses
{
    private const int MostNoted = 100_000;
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _unwritten = new();

    /// <summary>Records a use, given the last use that the database has.</summary>
    public void Note(Guid key, DateTimeOffset? written)
    {
        var now = time.GetUtcNow();
        var hour = now - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerHour);
        if ((written is null || written < hour) && _unwritten.Count < MostNoted)
        {
            _unwritten[key] = hour;
        }
    }

    public DateTimeOffset? LastUsed(ApiKey key) =>
        _unwritten.TryGetValue(key.Id, out var noted) && !(key.LastUsedAt > noted) ? noted : key.LastUsedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Write(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await Write(CancellationToken.None);
        }
    }

    private async Task Write(CancellationToken cancellationToken)
    {
        var uses = _unwritten.ToArray();
        if (uses.Length == 0)
        {
            return;
        }

        try
        {
            // Locks the keys' rows for the statement, in the order of their ids, so that two nodes cannot deadlock. A later time is never overwritten
            // by an earlier one.
            await using var command = dataSource.CreateCommand(
                """
                UPDATE api_key k SET last_used_at = used.at
                FROM (SELECT k.id, u.at FROM unnest($1, $2) AS u (id, at) JOIN api_key k USING (id)
                      WHERE k.last_used_at IS NULL OR k.last_used_at < u.at ORDER BY k.id FOR NO KEY UPDATE OF k) used
                WHERE k.id = used.id
                """
            );
            command.Parameters.Add(new() { Value = uses.Select(use => use.Key).ToArray() });
            command.Parameters.Add(new() { Value = uses.Select(use => use.Value.UtcDateTime).ToArray() });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            LogNotWritten(logger, failure.Message);
            return;
        }

        foreach (var use in uses)
        {
            _unwritten.TryRemove(use);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not write the last uses of API keys; retrying in a minute: {Error}")]
    private static partial void LogNotWritten(ILogger logger, string error);
}
