using System.Threading.RateLimiting;
using FollowUp.Infrastructure;

namespace FollowUp.Web.Platform;

/// <summary>
/// Concurrency limits per caller: a few requests run, some wait in order of arrival, the others are refused. Lists, single sequences, previews,
/// plans, statistics, saves, bulk bodies and exports, all run at once, would finish in arbitrary order, because the thread pool prefers the
/// newest work, and each would hold its whole response. Changes wait for the lock of a row with a connection each, so the changes of one caller
/// could hold all connections.
/// </summary>
internal sealed class CallerConcurrency(IConfiguration settings)
{
    private static readonly ConcurrencyLimiterOptions Alone = new()
    {
        PermitLimit = 1,
        QueueLimit = 10,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    private readonly ConcurrencyLimiterOptions _options = new()
    {
        PermitLimit = settings.Whole("RateLimit:ListsAtOnce", 2, 1, 10_000),
        QueueLimit = settings.Whole("RateLimit:ListsWaiting", 100, 0, 10_000),
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    /// <summary>
    /// By default, the changes of seven callers together leave connections of the pool of 60 to others, and as many changes wait as the rate limit
    /// admits at once, so it refuses none of a burst that the rate limit admits.
    /// </summary>
    private readonly ConcurrencyLimiterOptions _writes = new()
    {
        PermitLimit = settings.Whole("RateLimit:WritesAtOnce", 8, 1, 10_000),
        QueueLimit = settings.Whole("RateLimit:WritesWaiting", 400, 0, 10_000),
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    /// <summary>The limiter of a request. Exports have a separate one, because an export lasts as long as its client reads.</summary>
    /// <param name="caller">The user, or the user's sandbox.</param>
    public RateLimitPartition<string> For(HttpContext http, string caller) =>
        http.GetEndpoint()?.Metadata.GetMetadata<RunsExclusively>() is not null
            ? RateLimitPartition.GetConcurrencyLimiter($"calendars of {caller}", _ => Alone)
        : http.GetEndpoint()?.Metadata.GetMetadata<ConcurrencyLimited>() is not { } turns ? RateLimitPartition.GetNoLimiter("")
        : Exports.FormatOf(http) is not null ? RateLimitPartition.GetConcurrencyLimiter($"exports of {caller}", _ => _options)
        : RateLimitPartition.GetConcurrencyLimiter(turns.Queue + caller, _ => turns == ConcurrencyLimited.Writes ? _writes : _options);
}
