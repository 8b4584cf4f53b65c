namespace FollowUp.Domain.Instances;

/// <summary>How a try ended. The words in the table are upper case, as in <c>IN_DOUBT</c>.</summary>
public enum AttemptStatus
{
    /// <summary>The provider is being called, or was when the worker vanished.</summary>
    Sending,

    /// <summary>The provider took the message.</summary>
    Accepted,

    /// <summary>The provider refused the message for good.</summary>
    Rejected,

    /// <summary>The message did not go out; a later try may succeed.</summary>
    Retryable,

    /// <summary>Nobody knows.</summary>
    InDoubt,
}
