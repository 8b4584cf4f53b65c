namespace FollowUp.Domain.Instances;

/// <summary>The outcome of an attempt. Stored in upper case, as in <c>IN_DOUBT</c>.</summary>
public enum AttemptStatus
{
    /// <summary>The provider is being called, or was when the worker stopped responding.</summary>
    Sending,

    /// <summary>The provider accepted the message.</summary>
    Accepted,

    /// <summary>The provider rejected the message permanently.</summary>
    Rejected,

    /// <summary>The message was not sent; a later attempt may succeed.</summary>
    Retryable,

    /// <summary>It is unknown whether the message was sent.</summary>
    InDoubt,
}
