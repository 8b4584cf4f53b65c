namespace FollowUp.Domain.Instances;

/// <summary>What the claim's transaction read about a step.</summary>
/// <param name="Suppressed">Why the step's address is suppressed on the step's channel; null when it is not.</param>
/// <param name="ChannelConfigured">Whether the step's channel has a provider.</param>
/// <param name="MaxLateness">How overdue a step may be before it needs confirmation by a user.</param>
public readonly record struct StepConditions(bool SequenceEnabled, StopReason? Suppressed, bool ChannelConfigured, TimeSpan MaxLateness)
{
    /// <summary>Whether an operator has blocked the owner.</summary>
    public bool OwnerBlocked { get; init; }
}
