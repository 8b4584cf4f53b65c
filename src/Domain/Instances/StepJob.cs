namespace FollowUp.Domain.Instances;

/// <summary>The current step of an instance in the outbox. Part of the <see cref="Instance"/> aggregate; an instance has at most one job.</summary>
public sealed class StepJob
{
    private StepJob() { }

    /// <summary>The id; each step gets a new one.</summary>
    public Guid Id { get; private set; }

    /// <summary>The instance.</summary>
    public InstanceId InstanceId { get; private set; }

    /// <summary>The owner of the instance.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The sequence that the step belongs to.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>The step's index.</summary>
    public StepIndex StepIndex { get; private set; }

    /// <summary>The type of the step; the claim derives the channel from it.</summary>
    public StepType StepType { get; private set; }

    /// <summary>The state.</summary>
    public JobState State { get; private set; }

    /// <summary>When the job is due. For a job in doubt: when the wait for the provider's event ends.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The due time before the schedule or a limit deferred it; null when it was not deferred.</summary>
    public DateTimeOffset? WantedAt { get; private set; }

    /// <summary>Why it was deferred, in order; empty when it was not.</summary>
    public IReadOnlyList<Move> WaitingFor { get; private set; } = [];

    /// <summary>Whether it sends its instance's first message. Under a cap, follow-ups have priority over first mails.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>The number of claims. Never decreases; it is the fencing token: each write-back names its claim.</summary>
    public int Attempt { get; private set; }

    /// <summary>The node that holds the lease; null when none does.</summary>
    public string? Owner { get; private set; }

    /// <summary>When the lease expires.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>When it was parked.</summary>
    public DateTimeOffset? ParkedAt { get; private set; }

    /// <summary>Why it is parked.</summary>
    public ParkReason? ParkReason { get; private set; }

    /// <summary>When the step became the current one. Retries and postponements do not change it.</summary>
    public DateTimeOffset EnqueuedAt { get; private set; }

    /// <summary>Restores a leased job from what the outbox's claim read.</summary>
    internal static StepJob Claimed(Instance instance, ClaimedState state) =>
        new()
        {
            Id = state.JobId,
            InstanceId = instance.Id,
            OwnerId = instance.OwnerId,
            SequenceId = instance.SequenceId,
            StepIndex = instance.CurrentStep,
            StepType = state.StepType,
            State = JobState.Leased,
            DueAt = state.DueAt,
            WantedAt = state.WantedAt,
            IsFirst = state.IsFirst,
            Attempt = state.Attempt,
            Owner = state.Owner,
            EnqueuedAt = state.EnqueuedAt,
        };

    internal static StepJob For(Instance instance, Timetable timetable, DateTimeOffset wanted, Placement placed, DateTimeOffset now)
    {
        var at = instance.CurrentStep;
        var type = timetable[at].Type;
        var job = new StepJob
        {
            Id = Guid.CreateVersion7(now),
            InstanceId = instance.Id,
            OwnerId = instance.OwnerId,
            SequenceId = instance.SequenceId,
            StepIndex = at,
            StepType = type,
            State = JobState.Ready,
            IsFirst = type != StepType.Wait && timetable.Steps.Take(at.Value).All(step => step is WaitStep),
            EnqueuedAt = now,
        };
        job.Schedule(wanted, placed);
        return job;
    }

    /// <summary>
    /// Continues the job of another version. A recipient that has received a message is past the first one, whatever steps now precede the
    /// current one.
    /// </summary>
    internal void Continue(StepJob job, bool hadMessage)
    {
        IsFirst &= !hadMessage;
        if (job.State == JobState.Parked)
        {
            Park(job.ParkReason!.Value, job.ParkedAt!.Value);
        }
    }

    internal void MarkReady(DateTimeOffset wanted, Placement placed)
    {
        MarkReady(wanted);
        Schedule(wanted, placed);
    }

    private void Schedule(DateTimeOffset wanted, Placement placed) =>
        (DueAt, WantedAt, WaitingFor) = (placed.At, placed.Moves.Count > 0 ? wanted : null, placed.Moves);

    internal void MarkReady(DateTimeOffset dueAt)
    {
        (DueAt, WantedAt, WaitingFor) = (dueAt, null, []);
        Release();
    }

    /// <summary>Makes the job claimable again with its old due time.</summary>
    internal void Release()
    {
        State = JobState.Ready;
        (Owner, LeaseUntil, ParkedAt, ParkReason) = (null, null, null, null);
    }

    internal void Park(ParkReason reason, DateTimeOffset now)
    {
        // A parked job keeps its first parking time: its countdown stopped then.
        (State, ParkReason, ParkedAt) = (JobState.Parked, reason, ParkedAt ?? now);
        (Owner, LeaseUntil) = (null, null);
    }

    internal void MarkInDoubt(DateTimeOffset waitUntil)
    {
        (State, DueAt) = (JobState.InDoubt, waitUntil);
        (Owner, LeaseUntil, ParkedAt, ParkReason) = (null, null, null, null);
    }
}
