using System.Threading.RateLimiting;

namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// Counts the messages of each owner, channel and day in one row. A conditional UPDATE of it decides, so a ceiling holds with any number of nodes. If
/// a node dies between counting and sending, the message stays counted, which errs on the safe side. Steps use the engine's connection pool, requests
/// the API's.
/// </summary>
internal sealed class SqlCeilings(NpgsqlDataSource dataSource, EngineDatabase engine, Ceilings ceilings)
    : IMailCeiling,
        ICeilings,
        IDisposable
{
    // Locks the owner's row for the statement only. A ceiling of 0 inserts nothing. The database's clock decides which day it is. It repeats
    // the condition of SendQuota.AtCeiling, so that counting takes one round trip; CeilingRuleTests compares them.
    private const string TakeSql = """
        INSERT INTO ceiling_count AS c (owner_id, channel, day, taken)
        SELECT @owner, @channel, (now() AT TIME ZONE 'UTC')::date, 1 WHERE @most > 0
        ON CONFLICT (owner_id, channel, day) DO UPDATE SET taken = c.taken + 1 WHERE c.taken < @most
        """;

    // Locks the owner's row for the statement only.
    private const string GiveBackSql =
        "UPDATE ceiling_count SET taken = taken - 1 WHERE owner_id = @owner AND channel = @channel AND day = @day AND taken > 0";

    private const string TakenSql = "SELECT taken FROM ceiling_count WHERE owner_id = @owner AND channel = @channel AND day = @day";

    /// <summary>
    /// Maximum number of steps of this node that are counted at once. An owner's steps wait for one row, each with a connection, so at most
    /// <see cref="MostOfOwner"/> of them are of one owner: one that holds the row, and the next one. Claims and write-backs need the other
    /// connections.
    /// </summary>
    private const int MostAtOnce = 6;

    private const int MostOfOwner = 2;

    private readonly SemaphoreSlim _counting = new(MostAtOnce);

    // Each lane waits at most once, so the number of lanes limits the queue.
    private readonly PartitionedRateLimiter<OwnerId> _ofOwner = PartitionedRateLimiter.Create<OwnerId, OwnerId>(owner =>
        RateLimitPartition.GetConcurrencyLimiter(
            owner,
            _ => new ConcurrencyLimiterOptions { PermitLimit = MostOfOwner, QueueLimit = int.MaxValue }
        )
    );

    public int? PerDay(Channel channel) => ceilings.PerDay(channel);

    public async Task<int> Taken(OwnerId owner, Channel channel, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = Command(dataSource, TakenSql, owner, channel);
        command.Parameters.AddWithValue("day", day);
        return (int?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
    }

    public bool Forbids(PhoneNumber? number) => number is { } to && !ceilings.Allows(to);

    /// <summary>The time until which the ceiling is reached; null when the message was counted, and where there is no ceiling.</summary>
    public async Task<Move?> Take(OwnerId owner, Channel channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ceilings.PerDay(channel) is null)
        {
            return null;
        }

        using var count = await Count(owner, cancellationToken);
        return await Take(engine.Connections, owner, channel, now, cancellationToken);
    }

    private async Task<Move?> Take(
        NpgsqlDataSource pool,
        OwnerId owner,
        Channel channel,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (ceilings.PerDay(channel) is not { } most)
        {
            return null;
        }

        await using var command = Command(pool, TakeSql, owner, channel);
        command.Parameters.AddWithValue("most", most);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? null : SendQuota.AtCeiling(most, most, now);
    }

    /// <summary>Gives back to the day of the claim: a message that was counted after midnight stays counted.</summary>
    public async Task GiveBack(OwnerId owner, Channel channel, DateTimeOffset claimedAt, CancellationToken cancellationToken)
    {
        if (ceilings.PerDay(channel) is not null)
        {
            using var count = await Count(owner, cancellationToken);
            await GiveBack(engine.Connections, owner, channel, claimedAt, cancellationToken);
        }
    }

    public void Dispose()
    {
        _counting.Dispose();
        _ofOwner.Dispose();
    }

    /// <summary>Waits, without a connection, until a step of the owner may be counted; returns what ends the count.</summary>
    private async Task<IDisposable> Count(OwnerId owner, CancellationToken cancellationToken)
    {
        var ofOwner = await _ofOwner.AcquireAsync(owner, 1, cancellationToken);
        try
        {
            await _counting.WaitAsync(cancellationToken);
        }
        catch
        {
            ofOwner.Dispose();
            throw;
        }

        return new RunningCount(_counting, ofOwner);
    }

    private sealed class RunningCount(SemaphoreSlim counting, RateLimitLease ofOwner) : IDisposable
    {
        public void Dispose()
        {
            counting.Release();
            ofOwner.Dispose();
        }
    }

    private async Task GiveBack(
        NpgsqlDataSource pool,
        OwnerId owner,
        Channel channel,
        DateTimeOffset claimedAt,
        CancellationToken cancellationToken
    )
    {
        if (ceilings.PerDay(channel) is null)
        {
            return;
        }

        try
        {
            await using var command = Command(pool, GiveBackSql, owner, channel);
            command.Parameters.AddWithValue("day", DateOnly.FromDateTime(claimedAt.UtcDateTime));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // It stays counted: one message fewer today rather than one too many.
        }
    }

    async Task<DateTimeOffset?> IMailCeiling.Take(OwnerId owner, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await Take(dataSource, owner, Channel.Email, now, cancellationToken))?.To;

    Task IMailCeiling.GiveBack(OwnerId owner, DateTimeOffset takenAt, CancellationToken cancellationToken) =>
        GiveBack(dataSource, owner, Channel.Email, takenAt, cancellationToken);

    private static NpgsqlCommand Command(NpgsqlDataSource pool, string sql, OwnerId owner, Channel channel)
    {
        var command = pool.CreateCommand(sql);
        command.Parameters.AddWithValue("owner", owner.Value);
        command.Parameters.AddWithValue("channel", DbEnumNames.Upper(channel));
        return command;
    }
}
