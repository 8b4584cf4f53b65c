namespace FollowUp.Domain.Instances;

/// <summary>How often, and how long after, a step is tried again.</summary>
/// <param name="MaxRetries">Tries after the first one; then the step has failed.</param>
/// <param name="BaseDelay">The delay before the first retry; it doubles with each one.</param>
/// <param name="Jitter">The greatest part of a delay that is put on top of it at random, from 0 to 1. Never less than the delay itself.</param>
public sealed record RetryPolicy(int MaxRetries, TimeSpan BaseDelay, double Jitter)
{
    /// <summary>Five retries after 1, 2, 4, 8 and 16 s, with up to 10 % on top.</summary>
    public static RetryPolicy Default { get; } = new(5, TimeSpan.FromSeconds(1), 0.1);

    /// <summary>
    /// The delays after answers that ask for a later try (SMTP 4yz), counted apart from the other retries: RFC 5321, section 4.5.4.1, asks for at least
    /// 30 minutes between tries after the first ones, and for days before giving up.
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

    /// <summary>The delay after an answer that asks for a later try, with jitter.</summary>
    /// <param name="deferral">1 for the first such answer.</param>
    /// <param name="chance">From 0 (no jitter) to 1 (all of it).</param>
    /// <returns>The delay; null when the schedule is used up.</returns>
    public TimeSpan? Deferral(int deferral, double chance) =>
        deferral <= Deferrals.Count ? Deferrals[deferral - 1] * (1 + (Jitter * chance)) : null;

    /// <summary>The delay before a retry.</summary>
    /// <param name="retry">1 for the first retry.</param>
    /// <param name="chance">From 0 (no jitter) to 1 (all of it).</param>
    /// <returns>The delay, at most 365 days.</returns>
    public TimeSpan Delay(int retry, double chance)
    {
        var seconds = BaseDelay.TotalSeconds * Math.Pow(2, Math.Min(retry - 1, 60)) * (1 + (Jitter * chance));
        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds));
    }
}
