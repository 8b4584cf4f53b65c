using System.Threading.RateLimiting;
using FollowUp.Infrastructure;
using FollowUp.Web.Endpoints;

namespace FollowUp.Web.Platform;

/// <summary>
/// Lists, single sequences, previews, plans, statistics, saves, bulk bodies and exports of one caller run a few at a time, first come, first served, and a few more wait; the others are
/// refused. Begun all at once they would end in no order, since threads turn to the newest work first, and each holds its whole response.
/// </summary>
/// <param name="settings">All settings.</param>
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

    /// <summary>The limiter of a request. Exports have turns of their own, since one can last for as long as its client reads.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">The user, or the user's sandbox.</param>
    public RateLimitPartition<string> For(HttpContext http, string caller) =>
        http.GetEndpoint()?.Metadata.GetMetadata<RunsExclusively>() is not null
            ? RateLimitPartition.GetConcurrencyLimiter($"calendars of {caller}", _ => Alone)
        : http.GetEndpoint()?.Metadata.GetMetadata<ConcurrencyLimited>() is not { } turns ? RateLimitPartition.GetNoLimiter("")
        : Exports.FormatOf(http) is not null ? RateLimitPartition.GetConcurrencyLimiter($"exports of {caller}", _ => _options)
        : RateLimitPartition.GetConcurrencyLimiter(turns.Queue + caller, _ => _options);
}
