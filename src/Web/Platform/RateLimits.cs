using System.Threading.RateLimiting;
using FollowUp.Application.Delivery;
using FollowUp.Infrastructure;

namespace FollowUp.Web.Platform;

/// <summary>
/// The token buckets. Callers have one each, weighted by the cost of the request. Client addresses have two: one for everything that is asked
/// without a credential that is known to be good, and one for unsubscribe links that are wrong or of a preview.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    /// <summary>What a credential costs the client's address when authentication refuses it.</summary>
    public const int RefusedCredential = 10;

    private const int RefillsPerSecond = 10;

    /// <summary>Several users may share one address, so it gets this many times what a user gets.</summary>
    private const int UsersPerAddress = 4;

    /// <summary>
    /// What the unsubscribe link of a mail may be asked at once, and a second: many times what mailboxes and scanners ask, and few enough that a person
    /// who has one link cannot keep the database busy with it.
    /// </summary>
    private const int LinkBurst = 60;

    private const int LinkPerSecond = 1;

    /// <summary>
    /// How many requests for one link run at once. All of them wait for the lock of one instance, each with a connection: a whole burst would hold as
    /// many as the pool has. The rest of a burst waits here, without one.
    /// </summary>
    private const int LinkAtOnce = 2;

    private readonly int _callerBurst;

    public RateLimits(IConfiguration settings)
    {
        var perSecond = settings.Whole("RateLimit:PerSecond", 100, 1, 1_000_000);
        _callerBurst = settings.Whole("RateLimit:Burst", 400, 1, 10_000_000);
        var addressPerSecond = settings.Whole("RateLimit:AddressPerSecond", UsersPerAddress * perSecond, 1, 10_000_000);
        var addressBurst = settings.Whole("RateLimit:AddressBurst", UsersPerAddress * _callerBurst, 1, 100_000_000);
        Callers = Buckets<string>(perSecond, _callerBurst);
        Addresses = Buckets<string>(addressPerSecond, addressBurst);
        LinksWithoutEffect = Buckets<string>(perSecond, _callerBurst);
        Links = Buckets<UnsubscribeToken>(LinkPerSecond, LinkBurst);
        LinksAtOnce = PartitionedRateLimiter.Create<UnsubscribeToken, UnsubscribeToken>(link =>
            RateLimitPartition.GetConcurrencyLimiter(
                link,
                _ => new ConcurrencyLimiterOptions { PermitLimit = LinkAtOnce, QueueLimit = LinkBurst }
            )
        );
    }

    private PartitionedRateLimiter<string> Callers { get; }

    private PartitionedRateLimiter<string> Addresses { get; }

    private PartitionedRateLimiter<string> LinksWithoutEffect { get; }

    private PartitionedRateLimiter<UnsubscribeToken> Links { get; }

    private PartitionedRateLimiter<UnsubscribeToken> LinksAtOnce { get; }

    /// <summary>Charges the unsubscribe link of a mail, for any client and in any spelling of its token, and waits for its place. Held until the response is written.</summary>
    public async ValueTask<RateLimitLease> ChargeLink(UnsubscribeToken link, CancellationToken cancellationToken)
    {
        var charged = Links.AttemptAcquire(link);
        return charged.IsAcquired ? await LinksAtOnce.AcquireAsync(link, cancellationToken: cancellationToken) : charged;
    }

    /// <summary>Charges a caller for a request.</summary>
    public RateLimitLease ChargeCaller(string caller, int tokens) => Callers.AttemptAcquire(caller, Math.Min(tokens, _callerBurst));

    /// <summary>Charges an address for a request without a credential that is known to be good.</summary>
    public RateLimitLease ChargeAddress(string address) => Addresses.AttemptAcquire(address);

    /// <summary>Charges an address for an unsubscribe link that is wrong, or of a preview or test mail.</summary>
    public RateLimitLease ChargeLinkWithoutEffect(string address) => LinksWithoutEffect.AttemptAcquire(address);

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
        LinksWithoutEffect.Dispose();
        Links.Dispose();
        LinksAtOnce.Dispose();
    }

    private static PartitionedRateLimiter<TKey> Buckets<TKey>(int perSecond, int burst)
        where TKey : notnull
    {
        // Ten times a second where the rate allows, so that a client is never locked out for a whole second.
        var refills = perSecond % RefillsPerSecond == 0 ? RefillsPerSecond : 1;
        return PartitionedRateLimiter.Create<TKey, TKey>(key =>
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
