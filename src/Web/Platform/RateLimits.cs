using System.Threading.RateLimiting;
using FollowUp.Infrastructure;

namespace FollowUp.Web.Platform;

/// <summary>
/// The token buckets. Each caller has one; a request takes its cost. Each client address has two: one for requests without a known valid
/// credential, and one for invalid unsubscribe links and links of previews.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    /// <summary>Extra cost of a refused credential, charged to the client's address.</summary>
    public const int RefusedCredential = 10;

    private const int RefillsPerSecond = 10;

    /// <summary>Factor between an address's limit and a user's: several users may share one address.</summary>
    private const int UsersPerAddress = 4;

    /// <summary>
    /// Burst for the unsubscribe link of one mail; <see cref="LinkPerSecond"/> refills it. Far above what mailboxes and link scanners send, and low
    /// enough that the owner of one link cannot keep the database busy.
    /// </summary>
    private const int LinkBurst = 60;

    private const int LinkPerSecond = 1;

    /// <summary>
    /// Concurrent requests for one link. They all wait for the lock of one instance, each with a connection, so a burst could hold the whole pool.
    /// The rest of a burst waits here without a connection.
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

    /// <summary>Charges a mail's unsubscribe link, whatever the client and the spelling of its token, and waits for a slot. The lease is held until the response is written.</summary>
    public async ValueTask<RateLimitLease> ChargeLink(UnsubscribeToken link, CancellationToken cancellationToken)
    {
        var charged = Links.AttemptAcquire(link);
        return charged.IsAcquired ? await LinksAtOnce.AcquireAsync(link, cancellationToken: cancellationToken) : charged;
    }

    public RateLimitLease ChargeCaller(string caller, int tokens) => Callers.AttemptAcquire(caller, Math.Min(tokens, _callerBurst));

    /// <summary>Charges an address for a request without a known valid credential.</summary>
    public RateLimitLease ChargeAddress(string address) => Addresses.AttemptAcquire(address);

    /// <summary>Charges an address for an unsubscribe link that is invalid or belongs to a preview or test mail.</summary>
    public RateLimitLease ChargeLinkWithoutEffect(string address) => LinksWithoutEffect.AttemptAcquire(address);

    /// <summary>Charges for a refused credential, at most the tokens that are left, because the response is already decided.</summary>
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
        // Refills ten times a second where the rate allows, so that a client never waits a whole second for a token.
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
