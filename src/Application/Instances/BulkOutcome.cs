namespace FollowUp.Application.Instances;

/// <summary>The outcome of storing a row.</summary>
public enum BulkOutcome
{
    /// <summary>The recipient is enrolled.</summary>
    Enrolled,

    /// <summary>The recipient was enrolled already, perhaps by an earlier row.</summary>
    AlreadyEnrolled,

    /// <summary>The address must get nothing more.</summary>
    Suppressed,
}
