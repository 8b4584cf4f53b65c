namespace FollowUp.Application.Instances;

/// <summary>The outcome of storing a row.</summary>
public enum BulkOutcome
{
    /// <summary>The recipient is enrolled.</summary>
    Enrolled,

    /// <summary>The recipient was already enrolled, possibly by an earlier row.</summary>
    AlreadyEnrolled,

    /// <summary>The address is suppressed.</summary>
    Suppressed,

    /// <summary>The sequence is disabled or deleted, and no earlier attempt stored the row.</summary>
    Disabled,
}
