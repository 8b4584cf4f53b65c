namespace FollowUp.Application.Dispatch;

/// <summary>The effect of a provider outage on a channel's steps.</summary>
/// <param name="OpenUntil">While the breaker is open: when the next probe may be sent. Null when it is closed.</param>
/// <param name="BacklogUntil">
/// After it has closed: steps that were due before this instant are sent at a limited rate. Null when no backlog remains.
/// </param>
/// <param name="Cause">While the breaker is open: what the provider or the network answered, without personal data.</param>
internal sealed record Outage(DateTimeOffset? OpenUntil, DateTimeOffset? BacklogUntil, string? Cause = null)
{
    public static Outage None { get; } = new(null, null);
}
