namespace FollowUp.Domain.Recipients;

/// <summary>The effects of a stop reason beyond the instance.</summary>
public static class StopReasons
{
    /// <summary>Whether the address is suppressed: the recipient or the mailbox refuses mail.</summary>
    public static bool Suppresses(this StopReason reason) =>
        reason is StopReason.Unsubscribed or StopReason.Complained or StopReason.Bounced;
}
