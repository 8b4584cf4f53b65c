namespace FollowUp.Application.Instances;

/// <summary>A step that this node claimed, with everything that the claim's transaction read.</summary>
internal sealed record ClaimedStep
{
    /// <summary>The instance, with its job leased to this node.</summary>
    public required Instance Instance { get; init; }

    /// <summary>The instance's revision as read; the write-back succeeds only against the same revision.</summary>
    public required int Revision { get; init; }

    /// <summary>The attempt that the claim committed; null when the step sends nothing.</summary>
    public required AttemptId? AttemptId { get; init; }

    public required string SequenceName { get; init; }
    public required bool SequenceEnabled { get; init; }
    public bool OwnerBlocked { get; init; }
    public bool IsScheduled { get; init; }
    public bool UpgradesImages { get; init; }
    public bool IsLimited { get; init; }

    /// <summary>Why the step's address is suppressed on its channel; null when it is not.</summary>
    public required StopReason? Suppressed { get; init; }

    /// <summary>Whether this step is the probe of a provider whose breaker is open.</summary>
    public required bool IsProbe { get; init; }

    /// <summary>The database's clock at the claim.</summary>
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>This node's monotonic timestamp at the claim.</summary>
    public required long Timestamp { get; init; }

    public required Lease Lease { get; init; }

    /// <summary>
    /// Job id, claim number and owner. A write-back with any other triple is rejected. Unlike the instance, it stays as it was claimed.
    /// </summary>
    public required (Guid JobId, int Attempt, string Owner) Fence { get; init; }

    /// <summary>Whether the claim belongs to a sandbox, whose clock does not advance while a step is executed.</summary>
    public bool ClockStands { get; init; }

    /// <summary>The current time by the database's clock: the time of the claim plus what has passed on this node since.</summary>
    public DateTimeOffset Now(TimeProvider time) => ClockStands ? ClaimedAt : ClaimedAt + time.GetElapsedTime(Timestamp);
}
