using System.Reflection;
using System.Runtime.CompilerServices;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Shared;

namespace FollowUp.Simulation;

/// <summary>Copies whole aggregates in and out of the store past their private setters, as the object-relational mapper does in the product.</summary>
internal static class AggregateCopier
{
    private static readonly Func<object, object> Clone = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<object, object>>();

    /// <summary>A copy that shares no mutable state, without pending events.</summary>
    public static Instance Copy(this Instance instance)
    {
        var copy = (Instance)Clone(instance);
        EventsOf(copy) = [];
        SetJob(copy, instance.Job is { } job ? (StepJob)Clone(job) : null);
        return copy;
    }

    /// <summary>The instance that the claim's statement returns, read as in the product.</summary>
    public static Instance AsClaimed(this Instance instance, InstanceStatus status, string owner) =>
        instance.AsClaimed(status, owner, instance.Job!);

    /// <summary>The same with a job that may belong to another revision, as a faulty claim returns it.</summary>
    public static Instance AsClaimed(this Instance instance, InstanceStatus status, string owner, StepJob job) =>
        Instance.FromClaim(
            new ClaimedState(
                Id: instance.Id,
                OwnerId: instance.OwnerId,
                SequenceId: instance.SequenceId,
                SequenceVersionId: instance.SequenceVersionId,
                Version: instance.Version,
                Recipient: instance.Recipient,
                Variables: instance.Variables,
                OfferId: instance.OfferId,
                Status: status,
                StopReason: instance.StopReason,
                CurrentStep: instance.CurrentStep,
                Attempts: instance.Attempts,
                Deferrals: instance.Deferrals,
                LastError: instance.LastError,
                Attention: instance.Attention,
                ThreadMessageId: instance.ThreadMessageId,
                ThreadSubject: instance.ThreadSubject,
                EventCount: instance.EventCount,
                EventHash: instance.EventHash,
                Revision: instance.Revision,
                JobId: job.Id,
                StepType: job.StepType,
                DueAt: job.DueAt,
                EnqueuedAt: job.EnqueuedAt,
                Attempt: job.Attempt,
                IsFirst: job.IsFirst,
                Owner: owner
            )
        );

    /// <summary>The claim's UPDATE.</summary>
    public static void Lease(this StepJob job, string owner, DateTimeOffset until)
    {
        SetState(job, JobState.Leased);
        SetAttempt(job, job.Attempt + 1);
        SetOwner(job, owner);
        SetLeaseUntil(job, until);
    }

    /// <summary>The renewal's UPDATE.</summary>
    public static void Extend(this StepJob job, DateTimeOffset until) => SetLeaseUntil(job, until);

    /// <summary>The UPDATE of giving back, and of the release of parked jobs.</summary>
    public static void MakeReady(this StepJob job, DateTimeOffset dueAt)
    {
        SetState(job, JobState.Ready);
        SetDueAt(job, dueAt);
        SetOwner(job, null);
        SetLeaseUntil(job, null);
        SetParkedAt(job, null);
        SetParkReason(job, null);
    }

    /// <summary>A row of the table of attempts.</summary>
    public static Attempt Attempt(AttemptId id, int number)
    {
        var attempt = NewAttempt();
        SetId(attempt, id);
        SetNumber(attempt, number);
        return attempt;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_events")]
    private static extern ref List<DomainEvent> EventsOf(AggregateRoot root);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Job")]
    private static extern void SetJob(Instance instance, StepJob? job);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_State")]
    private static extern void SetState(StepJob job, JobState state);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Attempt")]
    private static extern void SetAttempt(StepJob job, int attempt);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Owner")]
    private static extern void SetOwner(StepJob job, string? owner);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_LeaseUntil")]
    private static extern void SetLeaseUntil(StepJob job, DateTimeOffset? until);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_DueAt")]
    private static extern void SetDueAt(StepJob job, DateTimeOffset dueAt);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ParkedAt")]
    private static extern void SetParkedAt(StepJob job, DateTimeOffset? parkedAt);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ParkReason")]
    private static extern void SetParkReason(StepJob job, ParkReason? reason);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Attempt NewAttempt();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Id")]
    private static extern void SetId(Attempt attempt, AttemptId id);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Number")]
    private static extern void SetNumber(Attempt attempt, int number);
}
