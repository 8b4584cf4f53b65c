using System.Threading.RateLimiting;
using FollowUp.Infrastructure;

namespace FollowUp.Web.Platform;

/// <summary>
/// The token buckets. Callers have one each, weighted by the cost of the request. Client addresses have two: one for everything that is asked
/// without a credential that is known to be good, and one for wrong unsubscribe links.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    /// <summary>What a credential costs the client's address when authentication refuses it.</summary>
    public const int RefusedCredential = 10;

    private const int RefillsPerSecond = 10;

    /// <summary>Several users may share one address, so it gets this many times what a user gets.</summary>
    private const int UsersPerAddress = 4;

    /// <summary>
    /// What a genuine unsubscribe link may be asked at once, and a second: many times what mailboxes and scanners ask, and few enough that a person
    /// who has one link cannot keep the database busy with it.
    /// </summary>
    private const int LinkBurst = 60;

    private const int LinkPerSecond = 1;

    private readonly int _callerBurst;

    public RateLimits(IConfiguration settings)
    {
        var perSecond = settings.Whole("RateLimit:PerSecond", 100, 1, 1_000_000);
        _callerBurst = settings.Whole("RateLimit:Burst", 400, 1, 10_000_000);
        var addressPerSecond = settings.Whole("RateLimit:AddressPerSecond", UsersPerAddress * perSecond, 1, 10_000_000);
        var addressBurst = settings.Whole("RateLimit:AddressBurst", UsersPerAddress * _callerBurst, 1, 100_000_000);
        Callers = Buckets(perSecond, _callerBurst);
        Addresses = Buckets(addressPerSecond, addressBurst);
        WrongLinks = Buckets(perSecond, _callerBurst);
        Links = Buckets(LinkPerSecond, LinkBurst);
    }

    private PartitionedRateLimiter<string> Callers { get; }

    private PartitionedRateLimiter<string> Addresses { get; }

    private PartitionedRateLimiter<string> WrongLinks { get; }

    private PartitionedRateLimiter<string> Links { get; }

    /// <summary>Charges a genuine unsubscribe link, for any client.</summary>
    public RateLimitLease ChargeLink(string token) => Links.AttemptAcquire(token);

    /// <summary>Charges a caller for a request.</summary>
    public RateLimitLease ChargeCaller(string caller, int tokens) => Callers.AttemptAcquire(caller, Math.Min(tokens, _callerBurst));

    /// <summary>Charges an address for a request without a credential that is known to be good.</summary>
    public RateLimitLease ChargeAddress(string address) => Addresses.AttemptAcquire(address);

    /// <summary>Charges an address for an unsubscribe link that is not one of ours.</summary>
    public RateLimitLease ChargeWrongLink(string address) => WrongLinks.AttemptAcquire(address);

    /// <summary>Takes what a refused credential costs, or as much of it as is left: the request has been answered already.</summary>
    public void PunishAddress(string address)
    {
        var left = Addresses.GetStatistics(address)?.CurrentAvailablePermits ?? 0;
        using var _ = Addresses.AttemptAcquire(address, (int)Math.Min(RefusedCredential, left));
    }

    public void Dispose()
    {
        Callers.Dispose();
        Addresses.Dispose();
        WrongLinks.Dispose();
        Links.Dispose();
    }

    private static PartitionedRateLimiter<string> Buckets(int perSecond, int burst)
    {
        // Ten times a second where the rate allows, so that a client is never locked out for a whole second.
        var refills = perSecond % RefillsPerSecond == 0 ? RefillsPerSecond : 1;
        return PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.GetTokenBucketLimiter(
                key,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = perSecond / refills,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / refills),
                    QueueLimit = 0,
                }
            )
        );
    }
}
