using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// The circuit breakers: one row per channel, shared by all nodes. <see cref="CircuitBreaker"/> decides; this class locks the row, calls it and
/// stores the result. While a breaker is open, the only claims of its channel are probes after 5, 10, 20 … 300 s, or later if the provider asked for
/// that. When it closes, the jobs that came due meanwhile are a backlog, which <see cref="StepOutbox"/> claims at a limited rate.
/// </summary>
internal sealed partial class Breakers(EngineDatabase engine, TimeProvider time, ILogger<Breakers> logger) : IBreakers, IDisposable
{
    /// <summary>For how long a probe prevents other probes: longer than a provider call may take.</summary>
    private static readonly TimeSpan ProbeWindow = TimeSpan.FromSeconds(15);

    /// <summary>
    /// For how long this node does not repeat a search that found no due step to probe with. A slow search pauses longer (<see cref="Share"/>).
    /// </summary>
    private static readonly TimeSpan NothingDueFor = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Maximum number of lanes of this node that write at once. They wait for the channel's row one after the other; more of them would use up the
    /// connections that claims and write-backs need.
    /// </summary>
    private const int MostAtOnce = 4;

    private readonly SemaphoreSlim _writing = new(MostAtOnce);

    /// <summary>
    /// Searches that find nothing or fail take at most one part in this many of the time, because the node claims nothing else meanwhile.
    /// </summary>
    private const int Share = 20;

    /// <summary>
    /// When the last unsuccessful search of a channel ended, and for how long none is started after it. Only the pump uses it, and the pump makes one
    /// claim at a time.
    /// </summary>
    private readonly Dictionary<Channel, (long EndedAt, TimeSpan Pause)> _searched = [];

    private volatile IReadOnlyList<Channel> _troubled = [];

    /// <summary>The owners whose next success must be reported to the breaker because it ends their discount.</summary>
    private volatile HashSet<(Channel, OwnerId)> _discounted = [];

    /// <summary>The channels whose breaker is open and may be probed, as of the last <see cref="Read"/>.</summary>
    public IReadOnlyList<Channel> ReadyToProbe { get; private set; } = [];

    /// <summary>The channels whose breaker was open as of the last <see cref="Read"/>, with the time until the next probe.</summary>
    public IReadOnlyDictionary<Channel, TimeSpan> Open { get; private set; } = new Dictionary<Channel, TimeSpan>();

    /// <summary>The channels that are working off the backlog of an outage, as of the last <see cref="Read"/>.</summary>
    public IReadOnlyList<Channel> Recovering { get; private set; } = [];

    /// <summary>Locks nothing. Reads the shared state of all breakers; runs in the batch of every claim.</summary>
    public const string ReadSql = """
        SELECT channel, open_until - clock_timestamp(), failures > 0, backlog_until IS NOT NULL, evidence, clock_timestamp()
        FROM channel_breaker WHERE failures > 0 OR open_until IS NOT NULL OR backlog_until IS NOT NULL OR evidence <> '{}'
        """;

    /// <summary>Processes the result of <see cref="ReadSql"/>.</summary>
    public async Task Read(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<Channel> troubled = [];
        List<Channel> recovering = [];
        Dictionary<Channel, TimeSpan> open = [];
        HashSet<(Channel, OwnerId)> discounted = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var channel = DbEnumNames.Read<Channel>(reader.GetString(0));
            if (!reader.IsDBNull(1))
            {
                open[channel] = reader.GetTimeSpan(1);
            }

            if (reader.GetBoolean(2) || open.ContainsKey(channel))
            {
                troubled.Add(channel);
            }

            if (reader.GetBoolean(3))
            {
                recovering.Add(channel);
            }

            var now = reader.GetFieldValue<DateTimeOffset>(5);
            discounted.UnionWith(
                Evidence
                    .Read(reader.GetString(4))
                    .Discounts.Select(d => d.Discount())
                    .Where(d => d.EndsWithSuccess(now))
                    .Select(d => (channel, d.Owner))
            );
        }

        (_troubled, _discounted) = (troubled, discounted);
        Open = open;
        Recovering = recovering;
        ReadyToProbe = [.. open.Where(o => o.Value <= TimeSpan.Zero).Select(o => o.Key)];
    }

    /// <summary>
    /// Acquires the right to probe, if a step is due to probe with; only one node gets it. Searches for the step without a lock, because a search may
    /// read many rows and every outcome of the channel waits for the row. Then locks the row and acquires the right only if no other node has probed
    /// since. The step is claimed afterwards.
    /// </summary>
    /// <returns>The instance whose step is the probe; null when no probe is allowed yet or no step is due.</returns>
    public async Task<InstanceId?> BeginProbe(NpgsqlConnection connection, Channel channel, CancellationToken cancellationToken)
    {
        if (_searched.TryGetValue(channel, out var search) && time.GetElapsedTime(search.EndedAt) < search.Pause)
        {
            return null;
        }

        var (seen, readAt) = await BreakerRow.Read(connection, channel, cancellationToken);
        if (!(seen.OpenUntil <= readAt))
        {
            return null;
        }

        if (await Search(connection, channel, seen, cancellationToken) is not { } next)
        {
            return null;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (breaker, now) = await BreakerRow.Lock(connection, channel, cancellationToken);
        if (breaker.OpenUntil != seen.OpenUntil || !breaker.Probes.SequenceEqual(seen.Probes))
        {
            return null;
        }

        var round = next.IsNewRound ? breaker.NextRound() : breaker;
        await BreakerRow.Write(connection, channel, round.Probing(next.Probe, ProbeWindow, now), closes: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return next.Probe.Instance;
    }

    private async Task<(Probe Probe, bool IsNewRound)?> Search(
        NpgsqlConnection connection,
        Channel channel,
        CircuitBreaker breaker,
        CancellationToken cancellationToken
    )
    {
        var begun = time.GetTimestamp();
        (Probe, bool)? found = null;
        try
        {
            return found = await Probes.Next(connection, channel, breaker, cancellationToken);
        }
        finally
        {
            if (found is null)
            {
                var ended = time.GetTimestamp();
                var pause = time.GetElapsedTime(begun, ended) * Share;
                _searched[channel] = (ended, pause > NothingDueFor ? pause : NothingDueFor);
            }
        }
    }

    public Task SentNothing(Channel channel, InstanceId instance, CancellationToken cancellationToken) =>
        UntilItIsWritten(channel, (before, now) => before.SentNothing(instance, now), cancellationToken);

    public Task Refused(Channel channel, InstanceId instance, CancellationToken cancellationToken) =>
        UntilItIsWritten(channel, (before, now) => before.Refused(instance, now), cancellationToken);

    public async Task<bool> Failed(Channel channel, ClaimedStep step, ProviderFailure failure, CancellationToken cancellationToken)
    {
        _troubled = [.. _troubled, channel];
        var source = new FailureSource(step.Instance.OwnerId, Destination(channel, step.Instance.Recipient));
        var breaker = await UntilItIsWritten(
            channel,
            (before, now) => before.Failed(source, step.IsProbe, failure.RetryAfter, failure.Cause, now, failure.Code),
            cancellationToken
        );
        return breaker.IsOpen;
    }

    public async Task Accepted(Channel channel, ClaimedStep step, CancellationToken cancellationToken)
    {
        var owner = step.Instance.OwnerId;
        if (_troubled.Contains(channel) || _discounted.Contains((channel, owner)))
        {
            await UntilItIsWritten(channel, (before, now) => before.Accepted(owner, now), cancellationToken);
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>Distinguishes addresses without storing them.</summary>
    private static long Destination(Channel channel, Recipient recipient)
    {
        var address = channel == Channel.Sms ? recipient.Phone?.Value ?? "" : recipient.Email.Key;
        return BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
    }

    /// <summary>
    /// Locks the channel's row, and nothing else, for one state transition. Retries until the database accepts it: the step's write-back waits for
    /// the database anyway.
    /// </summary>
    private async Task<CircuitBreaker> UntilItIsWritten(
        Channel channel,
        Func<CircuitBreaker, DateTimeOffset, CircuitBreaker> next,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                return await Write(channel, next, cancellationToken);
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure))
            {
                PostgresFailures.ForgetConnections(failure, engine.Connections);
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
            }
        }
    }

    private async Task<CircuitBreaker> Write(
        Channel channel,
        Func<CircuitBreaker, DateTimeOffset, CircuitBreaker> next,
        CancellationToken cancellationToken
    )
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var (before, now) = await BreakerRow.Lock(connection, channel, cancellationToken);
            var after = next(before, now);
            if (!ReferenceEquals(after, before))
            {
                await BreakerRow.Write(connection, channel, after, before.IsOpen && !after.IsOpen, cancellationToken);
                if (Transition(before, after) is { } state)
                {
                    await BreakerRow.Note(connection, channel, state, after.Cause, cancellationToken);
                }

                await transaction.CommitAsync(cancellationToken);
                Log(channel, before, after, now);
            }

            return after;
        }
        finally
        {
            _writing.Release();
        }
    }

    private static string? Transition(CircuitBreaker before, CircuitBreaker after) =>
        !before.IsOpen && after.IsOpen ? "opened"
        : after.Trips > before.Trips ? "probeFailed"
        : before.IsOpen && !after.IsOpen ? "closed"
        : null;
}
