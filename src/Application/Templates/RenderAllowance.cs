namespace FollowUp.Application.Templates;

/// <summary>
/// What all renderings of one request may use up together. Each is bounded by itself; but a sequence has up to 50 steps of up to 10 variants, and a
/// request that renders them all must not cost as much as all those bounds.
/// </summary>
public sealed class RenderAllowance
{
    /// <summary>Twice what a single rendering may use up: mails that people write need a hundredth of it.</summary>
    public const long Most = 32 * 1024 * 1024;

    /// <summary>What the check of a single enrolment may use up: an enrolment is a small request, and its check a courtesy.</summary>
    public const long MostOfEnrolment = 2 * 1024 * 1024;

    private readonly RenderMeter? _meter = RenderMeter.Current;
    private readonly long _most;
    private long _used;
    private long _atWorst;
    private long _metered;

    /// <summary>An allowance of <see cref="Most"/>.</summary>
    public RenderAllowance()
        : this(Most) { }

    private RenderAllowance(long most) => _most = _meter?.IsSpent == true ? 0 : most;

    /// <summary>Whether more was asked for than there was, so that what is rendered from here on fails for that reason alone.</summary>
    public bool IsUsedUp => _used + _atWorst > _most;

    /// <summary>How much was used, in characters gone through.</summary>
    public long Cost => _used + _metered;

    /// <summary>An allowance that only counts: a step that is sent is bounded by itself.</summary>
    public static RenderAllowance Counting() => new(long.MaxValue / 2);

    /// <summary>An allowance for the check of a single enrolment.</summary>
    public static RenderAllowance OfEnrolment() => new(MostOfEnrolment);

    /// <summary>Takes some of it.</summary>
    /// <param name="work">How much.</param>
    /// <returns>False when that was more than there was left.</returns>
    public bool Take(long work)
    {
        _meter?.Add(work);
        return (_used += work) + _atWorst <= _most;
    }

    /// <summary>Counts work that is bounded elsewhere: it is charged to the owner's share only.</summary>
    /// <param name="work">How much.</param>
    public void Meter(long work)
    {
        _meter?.Add(work);
        _metered += work;
    }

    /// <summary>Takes what something may cost at worst. It counts against the allowance, and is not charged to the owner's share.</summary>
    /// <param name="work">How much.</param>
    /// <returns>False when that was more than there was left.</returns>
    public bool TakeAtWorst(long work) => _used + (_atWorst += work) <= _most;
}
