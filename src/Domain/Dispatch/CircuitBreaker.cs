using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;

namespace FollowUp.Domain.Dispatch;

/// <summary>
/// The circuit breaker of a channel, as of one instant. Immutable: each input gives the next state. It opens on evidence against the provider,
/// not against one user or one destination, and one user cannot keep it open for the others.
/// </summary>
public sealed record CircuitBreaker
{
    /// <summary>Provider-wide failures in a row that open it, when they also come from several sources.</summary>
    public const int FailuresToOpen = 5;

    /// <summary>Distinct destinations of a single owner that count as several sources.</summary>
    public const int DestinationsOfOneOwner = 5;

    /// <summary>How many sources of failures are remembered: more than it takes to open.</summary>
    public const int MostSources = 16;

    /// <summary>How many probes are remembered; further ones may try a destination again.</summary>
    public const int MostProbes = 32;

    /// <summary>Probes in a row that may turn out to send nothing and be followed by another one at once.</summary>
    public const int MostIdleProbes = 10;

    /// <summary>How many owners' failures may be discounted at once; the oldest entry goes first.</summary>
    public const int MostDiscounted = 64;

    /// <summary>How long a single owner's failures do not count after another owner's probe has shown that the provider works.</summary>
    public static readonly TimeSpan DiscountedFor = TimeSpan.FromMinutes(10);

    /// <summary>The longest discount: from the third time in a row on it doubles up to this.</summary>
    public static readonly TimeSpan LongestDiscount = TimeSpan.FromHours(1);

    /// <summary>How long a discount is remembered after its time.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    /// <summary>The longest wait between two probes.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(300);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    /// <summary>Closed, and nothing is wrong.</summary>
    public static CircuitBreaker Closed { get; } = new();

    /// <summary>Provider-wide failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Where they came from, each once.</summary>
    public IReadOnlyList<FailureSource> Sources { get; init; } = [];

    /// <summary>How often it opened or stayed open since the last success.</summary>
    public int Trips { get; init; }

    /// <summary>While it is open: when the next probe may go out. Null when it is closed.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>What the provider said when it opened or when the last probe failed, without personal data.</summary>
    public string? Cause { get; init; }

    /// <summary>The code of that failure, such as <c>sendgrid 503</c>: few distinct values, so that a metric can carry it.</summary>
    public string? Code { get; init; }

    /// <summary>The probes since it opened, oldest first.</summary>
    public IReadOnlyList<Probe> Probes { get; init; } = [];

    /// <summary>Until when the last probe keeps others from probing, as it was set when the probe began.</summary>
    public DateTimeOffset? ProbingUntil { get; init; }

    /// <summary>Probes in a row that sent nothing.</summary>
    public int IdleProbes { get; init; }

    /// <summary>Owners whose failures are no evidence against the provider for now.</summary>
    public IReadOnlyList<Discount> Discounts { get; init; } = [];

    /// <summary>Whether nothing of the channel is sent but probes.</summary>
    public bool IsOpen => OpenUntil is not null;

    /// <summary>A call failed in a way that says something about the provider.</summary>
    /// <param name="source">Whose message it was, and where it went.</param>
    /// <param name="isProbe">Whether it was sent to try the provider out.</param>
    /// <param name="retryAfter">How long the provider asked to wait, when it did.</param>
    /// <param name="cause">What the provider or the network said, without personal data.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="code">The failure's code.</param>
    /// <returns>The next state.</returns>
    public CircuitBreaker Failed(
        FailureSource source,
        bool isProbe,
        TimeSpan? retryAfter,
        string? cause,
        DateTimeOffset now,
        string? code = null
    )
    {
        if (!IsOpen && Discounts.Any(discount => discount.Owner == source.Owner && discount.Until > now))
        {
            return this;
        }

        var sources = Sources.Contains(source) || Sources.Count >= MostSources ? Sources : [.. Sources, source];
        var next = this with { Failures = Failures + 1, Sources = sources };
        if (OpenUntil is { } open)
        {
            return isProbe
                ? next.Open(retryAfter, cause, code, now)
                : next with
                {
                    OpenUntil = Latest(open, now + (retryAfter ?? TimeSpan.Zero)),
                };
        }

        return next.Failures >= FailuresToOpen && next.IsProviderWide ? next.Open(retryAfter, cause, code, now) : next;
    }

    /// <summary>The provider answered a call: it took the message, or refused this one message.</summary>
    /// <param name="owner">Whose message it was.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The next state: closed.</returns>
    public CircuitBreaker Answered(OwnerId owner, DateTimeOffset now)
    {
        if (!IsOpen && Failures == 0 && !Discounts.Any(discount => discount.Owner == owner && discount.EndsWithSuccess(now)))
        {
            return this;
        }

        var discounts = Discounts
            .Where(discount => Latest(discount.Until, discount.RememberedUntil) > now)
            .Select(discount => discount.Owner == owner && discount.EndsWithSuccess(now) ? discount with { Until = now } : discount)
            .ToList();
        // One owner's failures opened it, and another owner's message gets through: the fault is not the provider's. Without this, the first
        // owner's postponed steps would open it again at once, and again.
        if (IsOpen && Sources.Select(source => source.Owner).Distinct().ToList() is [var only] && only != owner)
        {
            var before = discounts.Find(discount => discount.Owner == only);
            discounts.Remove(before);
            discounts.Add(Discounted(only, before.Times + 1, now));
        }

        return Closed with
        {
            Discounts = [.. discounts.TakeLast(MostDiscounted)],
        };
    }

    /// <summary>A probe is about to be claimed; until its outcome is known, or the window has passed, there is no other.</summary>
    /// <param name="probe">Which instance is tried.</param>
    /// <param name="window">Longer than a provider's call may take.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The next state.</returns>
    public CircuitBreaker Probing(Probe probe, TimeSpan window, DateTimeOffset now) =>
        this with
        {
            OpenUntil = now + window,
            ProbingUntil = now + window,
            Probes = [.. Probes.TakeLast(MostProbes - 1), probe],
        };

    /// <summary>
    /// A probe turned out to send nothing, so it says nothing about the provider. The next probe may follow at once; after
    /// <see cref="MostIdleProbes"/> in a row it waits for the first wait, so that a long queue of such steps does not become a busy loop.
    /// </summary>
    /// <param name="instance">The instance that was tried.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The next state: unchanged when another probe has begun, or the provider has asked for a longer wait meanwhile.</returns>
    public CircuitBreaker SentNothing(InstanceId instance, DateTimeOffset now) =>
        OpenUntil is null || OpenUntil != ProbingUntil || Probes is not [.., var last] || last.Instance != instance ? this
        : IdleProbes + 1 < MostIdleProbes ? this with { OpenUntil = now, ProbingUntil = null, IdleProbes = IdleProbes + 1 }
        : this with { OpenUntil = now + FirstWait, ProbingUntil = null, IdleProbes = 0 };

    /// <summary>Forgets which instances were tried, since all of them were: the next round begins.</summary>
    /// <returns>The next state.</returns>
    public CircuitBreaker NextRound() => this with { Probes = Probes is [.., var last] ? [last with { Instance = default }] : [] };

    /// <summary>The owner behind whom the search for the next probe begins: the last one tried, else the last whose message failed.</summary>
    public OwnerId LastTried =>
        Probes is [.., var probe] ? probe.Owner
        : Sources is [.., var source] ? source.Owner
        : default;

    private bool IsProviderWide =>
        Sources.GroupBy(source => source.Owner).ToList() is var owners
        && (owners.Count > 1 || owners.Exists(destinations => destinations.Count() >= DestinationsOfOneOwner));

    private CircuitBreaker Open(TimeSpan? retryAfter, string? cause, string? code, DateTimeOffset now)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(FirstWait.TotalSeconds * Math.Pow(2, Math.Min(Trips, 30)), LongestWait.TotalSeconds));
        return this with
        {
            Trips = Trips + 1,
            IdleProbes = 0,
            ProbingUntil = null,
            OpenUntil = now + (retryAfter > wait ? retryAfter.Value : wait),
            Cause = cause ?? Cause,
            Code = code ?? Code,
        };
    }

    /// <summary>
    /// The first time, the owner's next success ends the discount: a short outage of the provider may have met one owner only, and the next one
    /// shall cost no attempts. An owner whose messages fail and succeed in turn would so open the breaker again and again, so a repetition lasts
    /// its time.
    /// </summary>
    private static Discount Discounted(OwnerId owner, int times, DateTimeOffset now)
    {
        var length = DiscountedFor * Math.Pow(2, Math.Clamp(times - 2, 0, 10));
        var until = now + (length < LongestDiscount ? length : LongestDiscount);
        return new Discount(owner, until, until + RememberedFor, times);
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
