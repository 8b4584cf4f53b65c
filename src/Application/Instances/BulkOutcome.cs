namespace FollowUp.Application.Instances;

internal enum BulkOutcome
{
    Enrolled,

    /// <summary>The recipient was already enrolled, possibly by an earlier row.</summary>
    AlreadyEnrolled,

    Suppressed,

    /// <summary>The sequence is disabled or deleted, and no earlier attempt stored the row.</summary>
    Disabled,
}
