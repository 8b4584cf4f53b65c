namespace FollowUp.Domain.Instances;

/// <summary>The policies for applying an outcome.</summary>
/// <param name="Chance">From 0 to 1: the share of the policy's jitter to use.</param>
/// <param name="DoubtGrace">How long to wait for the provider's event when a step is in doubt.</param>
public sealed record OutcomeRules(RetryPolicy Retry, double Chance, TimeSpan DoubtGrace)
{
    /// <summary>The attempt that had the outcome, named in the events; null when no provider was called.</summary>
    public AttemptId? Attempt { get; init; }
}
