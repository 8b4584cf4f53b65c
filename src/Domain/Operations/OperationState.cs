namespace FollowUp.Domain.Operations;

/// <summary>The states of an operation. Written in lower case in tables and JSON.</summary>
public enum OperationState
{
    /// <summary>Recorded; no batch has run yet.</summary>
    Queued,

    /// <summary>At least one batch was committed and more may follow.</summary>
    Running,

    /// <summary>Every row was visited.</summary>
    Completed,

    /// <summary>Ended early by a user, or replaced by a later change. Changed rows stay changed.</summary>
    Cancelled,

    /// <summary>Failed after <see cref="Operation.MostFailures"/> consecutive failed batches.</summary>
    Failed,
}
