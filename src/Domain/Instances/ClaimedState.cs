namespace FollowUp.Domain.Instances;

/// <summary>The columns of an instance and its job that the outbox's claim reads.</summary>
public sealed record ClaimedState(
    InstanceId Id,
    OwnerId OwnerId,
    SequenceId SequenceId,
    SequenceVersionId SequenceVersionId,
    int Version,
    Recipient Recipient,
    string Variables,
    string? OfferId,
    InstanceStatus Status,
    StopReason? StopReason,
    StepIndex CurrentStep,
    int Attempts,
    string? LastError,
    Attention? Attention,
    int EventCount,
    byte[] EventHash,
    int Revision,
    Guid JobId,
    StepType StepType,
    DateTimeOffset DueAt,
    DateTimeOffset EnqueuedAt,
    int Attempt,
    string Owner,
    int Deferrals = 0,
    string? ThreadMessageId = null,
    string? ThreadSubject = null,
    byte[]? EventSeal = null,
    DateTimeOffset? WantedAt = null,
    bool IsFirst = false
);
