namespace FollowUp.Domain.Instances;

/// <summary>How often a step is retried, and after which delays.</summary>
/// <param name="MaxRetries">Attempts after the first one; then the step fails.</param>
/// <param name="BaseDelay">The delay before the first retry; doubles with each retry.</param>
/// <param name="Jitter">The largest share of a delay that is randomly added to it, from 0 to 1. A delay is never shortened.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan BaseDelay, double Jitter)
{
    /// <summary>Five retries after 1, 2, 4, 8 and 16 s, each plus up to 10 %.</summary>
    public static RetryPolicy Default { get; } = new(5, TimeSpan.FromSeconds(1), 0.1);

    /// <summary>
    /// The delays after replies that ask for a later attempt (SMTP 4yz), counted separately: RFC 5321, section 4.5.4.1, asks for at least
    /// 30 minutes between attempts after the first ones, and for several days before giving up.
    /// </summary>
    public IReadOnlyList<TimeSpan> Deferrals { get; init; } =
    [
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(8),
    ];

    /// <summary>The delay after a reply that asks for a later attempt, with jitter.</summary>
    /// <param name="deferral">1 for the first such reply.</param>
    /// <param name="chance">From 0 (no jitter) to 1 (full jitter).</param>
    /// <returns>The delay; null when the schedule is exhausted.</returns>
    public TimeSpan? Deferral(int deferral, double chance) =>
        deferral <= Deferrals.Count ? Deferrals[deferral - 1] * (1 + (Jitter * chance)) : null;

    /// <summary>The delay before a retry.</summary>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="chance">From 0 (no jitter) to 1 (full jitter).</param>
    /// <returns>The delay, at most 365 days.</returns>
    public TimeSpan Delay(int retry, double chance)
    {
        var seconds = BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(retry - 1, 60)) * (1 + (Jitter * chance));
        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds));
    }
}
