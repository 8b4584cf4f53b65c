namespace FollowUp.Domain.Dispatch;

/// <summary>
/// The circuit breaker of a channel at one instant. Immutable: each input returns the next state. It opens on evidence against the
/// provider, not against a single owner or destination, and a single owner cannot keep it open for the others.
/// </summary>
public sealed record CircuitBreaker
{
    /// <summary>Provider-wide failures without an accepted message between them that open it, if they also come from several sources.</summary>
    public const int FailuresToOpen = 5;

    /// <summary>Distinct destinations of a single owner that count as several sources.</summary>
    public const int DestinationsOfOneOwner = 5;

    /// <summary>The most failure sources kept; more than are needed to open.</summary>
    public const int MostSources = 16;

    /// <summary>The most probes kept; later probes may use a destination again.</summary>
    public const int MostProbes = 32;

    /// <summary>Consecutive probes that may send nothing and be followed by another one at once.</summary>
    public const int MostIdleProbes = 10;

    /// <summary>
    /// Consecutive refused probes that close it. By then <see cref="Probes"/> names only refused steps, so each step whose probe failed before
    /// could have been the probe again: no such step is due any more.
    /// </summary>
    public const int RefusalsToClose = MostProbes + 1;

    /// <summary>The most discounts kept at once; the oldest is dropped first.</summary>
    public const int MostDiscounted = 64;

    /// <summary>How long an owner's failures are ignored after another owner's probe has shown that the provider works.</summary>
    public static readonly TimeSpan DiscountedFor = TimeSpan.FromMinutes(10);

    /// <summary>The longest discount. The length doubles from the third consecutive discount on.</summary>
    public static readonly TimeSpan LongestDiscount = TimeSpan.FromHours(1);

    /// <summary>How long an expired discount is remembered.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    /// <summary>The longest wait between two probes.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(300);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    /// <summary>Closed, without failures.</summary>
    public static CircuitBreaker Closed { get; } = new();

    /// <summary>Provider-wide failures since the last accepted message.</summary>
    public int Failures { get; init; }

    /// <summary>The distinct sources of the failures.</summary>
    public IReadOnlyList<FailureSource> Sources { get; init; } = [];

    /// <summary>How often it opened or a probe failed since the last accepted message.</summary>
    public int Trips { get; init; }

    /// <summary>While it is open: when the next probe may be sent. Null when it is closed.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>What the provider answered when it opened or when the last probe failed, without personal data.</summary>
    public string? Cause { get; init; }

    /// <summary>The code of that failure, such as <c>sendgrid 503</c>: few distinct values, so it can label a metric.</summary>
    public string? Code { get; init; }

    /// <summary>The probes since it opened, oldest first.</summary>
    public IReadOnlyList<Probe> Probes { get; init; } = [];

    /// <summary>Until when the last probe blocks further ones, as set when the probe began.</summary>
    public DateTimeOffset? ProbingUntil { get; init; }

    /// <summary>Consecutive probes that sent nothing.</summary>
    public int IdleProbes { get; init; }

    /// <summary>Consecutive probes whose message was refused.</summary>
    public int RefusedProbes { get; init; }

    /// <summary>The owners whose failures are currently ignored.</summary>
    public IReadOnlyList<Discount> Discounts { get; init; } = [];

    /// <summary>Whether only probes are sent on the channel.</summary>
    public bool IsOpen => OpenUntil is not null;

    /// <summary>Records a failure that is evidence against the provider.</summary>
    /// <param name="cause">What the provider or the network answered, without personal data.</param>
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
        var next = this with { Failures = Failures + 1, Sources = sources, RefusedProbes = 0 };
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

    /// <summary>Records that the provider accepted a message. The next state is closed.</summary>
    public CircuitBreaker Accepted(OwnerId owner, DateTimeOffset now)
    {
        if (!IsOpen && Failures == 0 && !Discounts.Any(discount => discount.Owner == owner && discount.EndsWithSuccess(now)))
        {
            return this;
        }

        var discounts = Discounts
            .Where(discount => Latest(discount.Until, discount.RememberedUntil) > now)
            .Select(discount => discount.Owner == owner && discount.EndsWithSuccess(now) ? discount with { Until = now } : discount)
            .ToList();
        // Only one owner's failures opened it and another owner's message was accepted, so the provider works. Without the discount, the
        // first owner's postponed steps would keep opening it again.
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

    /// <summary>Records that a probe is about to be claimed. No other probe starts before its outcome is known or the window has passed.</summary>
    /// <param name="window">Must be longer than a call to the provider may take.</param>
    public CircuitBreaker Probing(Probe probe, TimeSpan window, DateTimeOffset now) =>
        this with
        {
            OpenUntil = now + window,
            ProbingUntil = now + window,
            Probes = [.. Probes.TakeLast(MostProbes - 1), probe],
        };

    /// <summary>
    /// Records that a probe sent nothing and so says nothing about the provider. The next probe may follow at once; after
    /// <see cref="MostIdleProbes"/> in a row it is delayed, so that a long queue of such steps does not become a busy loop.
    /// </summary>
    /// <returns>The next state: unchanged when another probe has begun, or the provider has asked for a longer wait in the meantime.</returns>
    public CircuitBreaker SentNothing(InstanceId instance, DateTimeOffset now) =>
        OpenUntil is null || OpenUntil != ProbingUntil || Probes is not [.., var last] || last.Instance != instance ? this
        : IdleProbes + 1 < MostIdleProbes ? this with { OpenUntil = now, ProbingUntil = null, IdleProbes = IdleProbes + 1 }
        : this with { OpenUntil = now + FirstWait, ProbingUntil = null, IdleProbes = 0 };

    /// <summary>
    /// Records that the provider refused or deferred the message of a probe for a reason of that message. Providers check addresses before they
    /// process a message, so a refusal does not show that they can send: the next probe may follow at once, as after one that sent nothing.
    /// <see cref="RefusalsToClose"/> of them in a row close it, or a queue of such messages would be processed by probes only. The failures
    /// stay counted, so the next one opens it again at once, costs no attempt, and continues the waits.
    /// </summary>
    public CircuitBreaker Refused(InstanceId instance, DateTimeOffset now)
    {
        var next = SentNothing(instance, now);
        return ReferenceEquals(next, this) ? this
            : RefusedProbes + 1 < RefusalsToClose ? next with { RefusedProbes = RefusedProbes + 1 }
            : Closed with { Failures = Failures, Sources = Sources, Trips = Trips, Discounts = Discounts };
    }

    /// <summary>Forgets the probed instances, because all of them were probed, and starts the next round.</summary>
    public CircuitBreaker NextRound() => this with { Probes = Probes is [.., var last] ? [last with { Instance = default }] : [] };

    /// <summary>The owner after which the search for the next probe starts: the owner of the last probe, otherwise of the last failure.</summary>
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
    /// The first discount ends with the owner's next success: a short outage of the provider may have affected only one owner, and the next
    /// outage must not cost attempts. For an owner whose messages alternately fail and succeed, that would open the breaker repeatedly, so
    /// a repeated discount lasts its full length.
    /// </summary>
    private static Discount Discounted(OwnerId owner, int times, DateTimeOffset now)
    {
        var length = DiscountedFor * Math.Pow(2, Math.Clamp(times - 2, 0, 10));
        var until = now + (length < LongestDiscount ? length : LongestDiscount);
        return new Discount(owner, until, until + RememberedFor, times);
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
