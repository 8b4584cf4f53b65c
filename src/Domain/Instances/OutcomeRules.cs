namespace FollowUp.Domain.Instances;

/// <summary>What applying an outcome depends on.</summary>
/// <param name="Retry">The retry policy.</param>
/// <param name="Chance">From 0 to 1: how much of the policy's jitter to use.</param>
/// <param name="DoubtGrace">How long a provider's own event is waited for when a step is in doubt.</param>
public sealed record OutcomeRules(RetryPolicy Retry, double Chance, TimeSpan DoubtGrace)
{
    /// <summary>The attempt whose outcome it is, which the events name; null when nothing was handed to a provider.</summary>
    public AttemptId? Attempt { get; init; }
}
