namespace FollowUp.Domain.Operations;

/// <summary>The states of an operation. Written in lower case in tables and JSON.</summary>
public enum OperationState
{
    /// <summary>Recorded; no batch has run yet.</summary>
    Queued,

    /// <summary>At least one batch was committed and more may follow.</summary>
    Running,

    /// <summary>Every row was looked at.</summary>
    Completed,

    /// <summary>Ended early, by a user or because a later change replaced it. What was done stays done.</summary>
    Cancelled,

    /// <summary>Given up after <see cref="Operation.MostFailures"/> failed batches in a row.</summary>
    Failed,
}
