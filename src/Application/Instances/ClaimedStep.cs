using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Instances;

/// <summary>A step that this node claimed, with all that was read in the claim's transaction.</summary>
public sealed record ClaimedStep
{
    /// <summary>The instance, with its job leased to this node.</summary>
    public required Instance Instance { get; init; }

    /// <summary>The instance's revision as it was read: the write-back holds only against the same one.</summary>
    public required int Revision { get; init; }

    /// <summary>The attempt that the claim committed; null when the step sends nothing.</summary>
    public required AttemptId? AttemptId { get; init; }

    /// <summary>The sequence's name.</summary>
    public required string SequenceName { get; init; }

    /// <summary>Whether the sequence is enabled.</summary>
    public required bool SequenceEnabled { get; init; }

    /// <summary>Whether an operator has blocked the owner.</summary>
    public bool OwnerBlocked { get; init; }

    /// <summary>Whether the sequence has a schedule.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>Whether the owner's mails are limited.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Why the step's address is suppressed on its channel; null when it is not.</summary>
    public required StopReason? Suppressed { get; init; }

    /// <summary>Whether this step tries out a provider whose breaker is open.</summary>
    public required bool IsProbe { get; init; }

    /// <summary>The database's clock at the claim.</summary>
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>This node's monotonic timestamp at the claim.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The lease.</summary>
    public required Lease Lease { get; init; }

    /// <summary>Whether its message may have gone out. One for all copies of the claim.</summary>
    public ProviderCallMarker Handover { get; } = new();

    /// <summary>The fence: which job, claimed for the how-manieth time, by whom. Unlike the instance, it stays as it was claimed.</summary>
    public required (Guid JobId, int Attempt, string Owner) Fence { get; init; }

    /// <summary>Whether the claim belongs to a sandbox, whose clock stands while a step is carried out.</summary>
    public bool ClockStands { get; init; }

    /// <summary>The present instant by the database's clock: the claim's instant plus what has passed here since.</summary>
    /// <param name="time">This node's clock.</param>
    public DateTimeOffset Now(TimeProvider time) => ClockStands ? ClaimedAt : ClaimedAt + time.GetElapsedTime(Timestamp);
}
