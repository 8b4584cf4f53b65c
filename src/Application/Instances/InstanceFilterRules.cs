namespace FollowUp.Application.Instances;

/// <summary>The rules of a filter, for the list of instances and for actions on many.</summary>
internal static class InstanceFilterRules
{
    /// <summary>The maximum length of <see cref="InstanceFilter.Q"/>, in characters: that of an address.</summary>
    public const int LongestQ = EmailAddress.Longest;

    /// <param name="fail">Receives the field and the rule that it violates.</param>
    public static void Check(InstanceFilter filter, Action<string, string> fail)
    {
        if (filter.Status is { } status && !EnumNames.TryRead<InstanceStatus>(status, out _))
        {
            fail("status", "must be ACTIVE, PAUSED, COMPLETED, FAILED or STOPPED");
        }

        if (filter.Attention is { } attention && attention is not ("true" or "false") && !EnumNames.TryRead<Attention>(attention, out _))
        {
            fail("attention", "must be true, false, failed, inDoubt or late");
        }

        if (filter.Step < 0)
        {
            fail("step", "must be 0 or more");
        }

        if (filter.Version < 1)
        {
            fail("version", "must be 1 or more");
        }

        if (filter.StopReason is { } reason && !EnumNames.TryRead<StopReason>(reason, out _))
        {
            fail("stopReason", "must be replied, unsubscribed, bounced, complained, goal or manual");
        }

        if (filter.Variant is { Length: 0 or > EmailVariants.LongestName })
        {
            fail("variant", $"must have 1 to {EmailVariants.LongestName} characters");
        }

        if (filter.Email is { Length: 0 or > EmailAddress.Longest })
        {
            fail("email", $"must have 1 to {EmailAddress.Longest} characters");
        }

        if (filter.Q is { Length: 0 or > LongestQ })
        {
            fail("q", $"must have 1 to {LongestQ} characters");
        }
    }
}
