using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Keeps each owner's figures for a moment, so that any number of open consoles costs one read.</summary>
internal sealed class OwnerFeeds(NpgsqlDataSource dataSource, QueryTimeout timeout, FeedLifetimes lifetimes, TimeProvider time)
    : IDisposable
{
    /// <summary>The maximum weight of all kept figures. An hour of a forecast, about 50 bytes, weighs 1.</summary>
    private const int MostKept = 500_000;

    private const int WeightOfOverview = 20;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly FeedReader _reader = new(dataSource, timeout);

    public Task<OverviewView> Overview(OwnerId owner, CancellationToken cancellationToken) =>
        Of(owner, WeightOfOverview, lifetimes.Overview, () => _reader.Overview(owner), cancellationToken);

    public async Task<ForecastView> Forecast(OwnerId owner, int hours, CancellationToken cancellationToken) =>
        Cut(await Of(owner, ForecastView.MostHours, lifetimes.Forecast, () => _reader.Forecast(owner), cancellationToken), hours);

    public void Dispose() => _kept.Dispose();

    /// <summary>The first hours of the longest forecast: one that is kept serves every length.</summary>
    private static ForecastView Cut(ForecastView all, int hours)
    {
        var to = all.From.AddHours(hours);
        return all with
        {
            To = to,
            CompleteUntil = all.CompleteUntil < to ? all.CompleteUntil : null,
            Hours = [.. all.Hours.Where(hour => hour.Hour < to)],
        };
    }

    private Task<T> Of<T>(OwnerId owner, int weight, TimeSpan lifetime, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        if (lifetime == TimeSpan.Zero)
        {
            return read().WaitAsync(cancellationToken);
        }

        SharedRead<T> shared;
        lock (_kept)
        {
            var key = (owner, typeof(T));
            if (_kept.Get<SharedRead<T>>(key) is { } kept)
            {
                shared = kept;
            }
            else
            {
                shared = new SharedRead<T>(read, lifetime, time);
                _kept.Set(key, shared, new MemoryCacheEntryOptions { Size = weight, SlidingExpiration = lifetime + timeout.Length });
            }
        }

        return shared.Get(cancellationToken);
    }
}

/// <summary>The figures of the request's caller.</summary>
internal sealed class CallerFeeds(OwnerFeeds feeds, ICaller caller) : IOwnerFeeds
{
    public Task<OverviewView> Overview(CancellationToken cancellationToken) => feeds.Overview(caller.OwnerId, cancellationToken);

    public Task<ForecastView> Forecast(int hours, CancellationToken cancellationToken) =>
        feeds.Forecast(caller.OwnerId, hours, cancellationToken);
}
