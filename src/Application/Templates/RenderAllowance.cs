namespace FollowUp.Application.Templates;

/// <summary>
/// Limits the rendering work of one request. Each rendering has its own limit; but a sequence has up to 50 steps of up to 10 variants, and
/// rendering them all must not cost the sum of these limits.
/// </summary>
public sealed class RenderAllowance
{
    /// <summary>Twice the limit of a single rendering; typical mails need a hundredth of it.</summary>
    public const long Most = 32 * 1024 * 1024;

    /// <summary>The limit for the check of a single enrolment, which is a small request.</summary>
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

    /// <summary>Whether more was requested than was left; from then on renderings fail for this reason alone.</summary>
    public bool IsUsedUp => _used + _atWorst > _most;

    /// <summary>The work done, in characters processed.</summary>
    public long Cost => _used + _metered;

    /// <summary>An allowance that only counts: each step that is sent has its own limit.</summary>
    public static RenderAllowance Counting() => new(long.MaxValue / 2);

    /// <summary>An allowance for the check of a single enrolment.</summary>
    public static RenderAllowance OfEnrolment() => new(MostOfEnrolment);

    /// <summary>Takes work, in characters processed. False when it exceeds what is left.</summary>
    public bool Take(long work)
    {
        _meter?.Add(work);
        return (_used += work) + _atWorst <= _most;
    }

    /// <summary>Counts work that is limited elsewhere: it is charged only to the owner's share.</summary>
    public void Meter(long work)
    {
        _meter?.Add(work);
        _metered += work;
    }

    /// <summary>Takes an upper bound of the work, which is not charged to the owner's share. False when it exceeds what is left.</summary>
    public bool TakeAtWorst(long work) => _used + (_atWorst += work) <= _most;
}
