namespace FollowUp.Domain.Recipients;

/// <summary>What a reason to stop means beyond the instance.</summary>
public static class StopReasons
{
    /// <summary>Whether the address must get nothing more: the recipient refused mail, or the mailbox did.</summary>
    /// <returns>True when the address is suppressed.</returns>
    public static bool Suppresses(this StopReason reason) =>
        reason is StopReason.Unsubscribed or StopReason.Complained or StopReason.Bounced;
}
