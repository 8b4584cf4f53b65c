using System.Buffers.Binary;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Domain.Instances;

/// <summary>An instance's next step in the outbox. Part of the <see cref="Instance"/> aggregate; an instance has at most one.</summary>
public sealed class StepJob
{
    private StepJob() { }

    /// <summary>The job's id; each step gets a new one.</summary>
    public Guid Id { get; private set; }

    /// <summary>The instance whose step it is.</summary>
    public InstanceId InstanceId { get; private set; }

    /// <summary>The user whose instance it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The sequence that the step belongs to.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>Which step.</summary>
    public StepIndex StepIndex { get; private set; }

    /// <summary>What the step does; the claim needs to know which channel it asks for.</summary>
    public StepType StepType { get; private set; }

    /// <summary>Where the job stands.</summary>
    public JobState State { get; private set; }

    /// <summary>When it is due. For a job in doubt: when the provider's time to tell has passed.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>When it was due before the schedule or a limit put it off; null when nothing did.</summary>
    public DateTimeOffset? WantedAt { get; private set; }

    /// <summary>Why it was put off, in order; empty when nothing did.</summary>
    public IReadOnlyList<Move> WaitingFor { get; private set; } = [];

    /// <summary>Whether it sends the first message of its instance. Under a cap, follow-ups go before first mails.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>How often it was claimed. Never goes down, so it fences write-backs: each names the claim that it belongs to.</summary>
    public int Attempt { get; private set; }

    /// <summary>The node that holds it; null when none does.</summary>
    public string? Owner { get; private set; }

    /// <summary>Until when the node holds it.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Since when it is parked.</summary>
    public DateTimeOffset? ParkedAt { get; private set; }

    /// <summary>Why it is parked.</summary>
    public ParkReason? ParkReason { get; private set; }

    /// <summary>When the step became the next one, to the millisecond: the instant that a UUIDv7 begins with (RFC 9562, section 5.7).</summary>
    public DateTimeOffset EnqueuedAt =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(Id.ToByteArray(bigEndian: true)) >>> 16);

    /// <summary>A job as the outbox's claim found it.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="instance">Its instance.</param>
    /// <param name="type">What its step does.</param>
    /// <param name="dueAt">When it was due.</param>
    /// <param name="attempt">The number of this claim.</param>
    /// <param name="owner">The node that claimed it.</param>
    /// <param name="isFirst">Whether it sends the first message of its instance.</param>
    /// <param name="wantedAt">When it was due before it was put off; null when it was not.</param>
    /// <returns>The job, leased.</returns>
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

    /// <summary>A job that continues another version's: who has had a message is past the first one, whatever stands before the step now.</summary>
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

    /// <summary>To be claimed again, in its old place.</summary>
    internal void Release()
    {
        State = JobState.Ready;
        (Owner, LeaseUntil, ParkedAt, ParkReason) = (null, null, null, null);
    }

    internal void Park(ParkReason reason, DateTimeOffset now)
    {
        // A job that is parked already keeps the earlier instant: its countdown stopped then.
        (State, ParkReason, ParkedAt) = (JobState.Parked, reason, ParkedAt ?? now);
        (Owner, LeaseUntil) = (null, null);
    }

    internal void MarkInDoubt(DateTimeOffset waitUntil)
    {
        (State, DueAt) = (JobState.InDoubt, waitUntil);
        (Owner, LeaseUntil, ParkedAt, ParkReason) = (null, null, null, null);
    }
}
