using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;

namespace FollowUp.Domain.Instances;

/// <summary>The columns of an instance and its job that the outbox's claim reads.</summary>
public sealed record ClaimedState
{
    /// <summary><see cref="Instance.Id"/>.</summary>
    public required InstanceId Id { get; init; }

    /// <summary><see cref="Instance.OwnerId"/>.</summary>
    public required Accounts.OwnerId OwnerId { get; init; }

    /// <summary><see cref="Instance.SequenceId"/>.</summary>
    public required SequenceId SequenceId { get; init; }

    /// <summary><see cref="Instance.SequenceVersionId"/>.</summary>
    public required SequenceVersionId SequenceVersionId { get; init; }

    /// <summary><see cref="Instance.Version"/>.</summary>
    public required int Version { get; init; }

    /// <summary><see cref="Instance.Recipient"/>.</summary>
    public required Recipient Recipient { get; init; }

    /// <summary><see cref="Instance.Variables"/>.</summary>
    public required string Variables { get; init; }

    /// <summary><see cref="Instance.OfferId"/>.</summary>
    public required string? OfferId { get; init; }

    /// <summary><see cref="Instance.Status"/>.</summary>
    public required InstanceStatus Status { get; init; }

    /// <summary><see cref="Instance.StopReason"/>.</summary>
    public required StopReason? StopReason { get; init; }

    /// <summary><see cref="Instance.CurrentStep"/>.</summary>
    public required StepIndex CurrentStep { get; init; }

    /// <summary><see cref="Instance.Attempts"/>.</summary>
    public required int Attempts { get; init; }

    /// <summary><see cref="Instance.Deferrals"/>.</summary>
    public int Deferrals { get; init; }

    /// <summary><see cref="Instance.LastError"/>.</summary>
    public required string? LastError { get; init; }

    /// <summary><see cref="Instance.Attention"/>.</summary>
    public required Attention? Attention { get; init; }

    /// <summary><see cref="Instance.ThreadMessageId"/>.</summary>
    public string? ThreadMessageId { get; init; }

    /// <summary><see cref="Instance.ThreadSubject"/>.</summary>
    public string? ThreadSubject { get; init; }

    /// <summary><see cref="Instance.EventCount"/>.</summary>
    public required int EventCount { get; init; }

    /// <summary><see cref="Instance.EventHash"/>.</summary>
    public required byte[] EventHash { get; init; }

    /// <summary><see cref="Instance.EventSeal"/>.</summary>
    public byte[]? EventSeal { get; init; }

    /// <summary><see cref="Shared.AggregateRoot.Revision"/>.</summary>
    public required int Revision { get; init; }

    /// <summary><see cref="StepJob.Id"/>.</summary>
    public required Guid JobId { get; init; }

    /// <summary><see cref="StepJob.StepType"/>.</summary>
    public required StepType StepType { get; init; }

    /// <summary><see cref="StepJob.DueAt"/>.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary><see cref="StepJob.WantedAt"/>.</summary>
    public DateTimeOffset? WantedAt { get; init; }

    /// <summary><see cref="StepJob.EnqueuedAt"/>.</summary>
    public required DateTimeOffset EnqueuedAt { get; init; }

    /// <summary><see cref="StepJob.Attempt"/>.</summary>
    public required int Attempt { get; init; }

    /// <summary><see cref="StepJob.IsFirst"/>.</summary>
    public bool IsFirst { get; init; }

    /// <summary><see cref="StepJob.Owner"/>.</summary>
    public required string Owner { get; init; }
}
