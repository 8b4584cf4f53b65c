using System.Buffers.Binary;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Domain.Instances;

/// <summary>
/// The current step of an instance in the outbox. Part of the <see cref="Instance"/> aggregate; an instance has at most one job.
/// </summary>
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

    /// <summary>When the step became the current one, to the millisecond: the timestamp of the UUIDv7 (RFC 9562, section 5.7).</summary>
    public DateTimeOffset EnqueuedAt =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(Id.ToByteArray(bigEndian: true)) >>> 16);

    /// <summary>Restores a job from what the outbox's claim read.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="type">The type of the step.</param>
    /// <param name="dueAt">When it was due.</param>
    /// <param name="attempt">The number of this claim.</param>
    /// <param name="owner">The node that claimed it.</param>
    /// <param name="isFirst">Whether it sends its instance's first message.</param>
    /// <param name="wantedAt">The due time before it was deferred; null when it was not.</param>
    /// <returns>The leased job.</returns>
    public static StepJob Claimed(
        Guid id,
        Instance instance,
        StepType type,
        DateTimeOffset dueAt,
        int attempt,
        string owner,
        bool isFirst = false,
        DateTimeOffset? wantedAt = null
    )
    {
        var job = For(instance, type, dueAt, dueAt);
        (job.IsFirst, job.WantedAt) = (isFirst, wantedAt);
        (job.Id, job.State, job.Attempt, job.Owner) = (id, JobState.Leased, attempt, owner);
        return job;
    }

    internal static StepJob For(Instance instance, StepType type, DateTimeOffset dueAt, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            InstanceId = instance.Id,
            OwnerId = instance.OwnerId,
            SequenceId = instance.SequenceId,
            StepIndex = instance.CurrentStep,
            StepType = type,
            State = JobState.Ready,
            DueAt = dueAt,
        };

    internal static StepJob For(Instance instance, IReadOnlyList<Step> steps, DateTimeOffset wanted, Placement placed, DateTimeOffset now)
    {
        var at = instance.CurrentStep.Value;
        var job = For(instance, steps[at].Type, wanted, now);
        job.IsFirst = job.StepType != StepType.Wait && steps.Take(at).All(step => step.Type == StepType.Wait);
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
