using System.Threading.RateLimiting;
using FollowUp.Infrastructure;

namespace FollowUp.Web.Platform;

/// <summary>
/// Concurrency limits per caller for lists, single sequences, previews, plans, statistics, saves, bulk bodies and exports: a few run, some wait
/// in order of arrival, the others are refused. Run all at once, they would finish in arbitrary order, because the thread pool prefers the
/// newest work, and each would hold its whole response.
/// </summary>
internal sealed class ReadConcurrency(IConfiguration settings)
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

    /// <summary>The limiter of a request. Exports have a separate one, because an export lasts as long as its client reads.</summary>
    /// <param name="caller">The user, or the user's sandbox.</param>
    public RateLimitPartition<string> For(HttpContext http, string caller) =>
        http.GetEndpoint()?.Metadata.GetMetadata<RunsExclusively>() is not null
            ? RateLimitPartition.GetConcurrencyLimiter($"calendars of {caller}", _ => Alone)
        : http.GetEndpoint()?.Metadata.GetMetadata<ConcurrencyLimited>() is not { } turns ? RateLimitPartition.GetNoLimiter("")
        : Exports.FormatOf(http) is not null ? RateLimitPartition.GetConcurrencyLimiter($"exports of {caller}", _ => _options)
        : RateLimitPartition.GetConcurrencyLimiter(turns.Queue + caller, _ => _options);
}
