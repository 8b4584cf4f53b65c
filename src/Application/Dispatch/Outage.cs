namespace FollowUp.Application.Dispatch;

/// <summary>What an outage of a channel's provider does to its steps.</summary>
/// <param name="OpenUntil">While its breaker is open: when the next probe may go out. Null when it is closed.</param>
/// <param name="BacklogUntil">After it has closed: steps that were due before this instant go out at a pace. Null when nothing of that is left.</param>
/// <param name="Cause">While its breaker is open: what the provider or the network said, without personal data.</param>
public sealed record Outage(DateTimeOffset? OpenUntil, DateTimeOffset? BacklogUntil, string? Cause = null)
{
    /// <summary>All is well.</summary>
    public static Outage None { get; } = new(null, null);
}
