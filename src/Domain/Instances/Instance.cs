namespace FollowUp.Domain.Instances;

/// <summary>
/// One recipient enrolled in one sequence version. Aggregate root: guards its status, current step, single <see cref="Job"/> and hash chain
/// of events. This part holds the state and the actions of users; <c>Instance.Steps.cs</c> holds what the engine does.
/// </summary>
public sealed partial class Instance : AggregateRoot
{
    private Instance() { }

    /// <summary>The instance's id.</summary>
    public InstanceId Id { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>The sequence version whose steps it runs.</summary>
    public SequenceVersionId SequenceVersionId { get; private set; }

    /// <summary>That version's number.</summary>
    public int Version { get; private set; }

    /// <summary>The recipient.</summary>
    public Recipient Recipient { get; private set; } = null!;

    /// <summary>Variables for the templates besides the recipient's fields: a JSON object.</summary>
    public string Variables { get; private set; } = "{}";

    /// <summary>The client's id of the offer that the instance is about.</summary>
    public string? OfferId { get; private set; }

    /// <summary>The status.</summary>
    public InstanceStatus Status { get; private set; }

    /// <summary>Why it was stopped; null unless STOPPED.</summary>
    public StopReason? StopReason { get; private set; }

    /// <summary>The index of the current step; the number of steps when all are done.</summary>
    public StepIndex CurrentStep { get; private set; }

    /// <summary>The failed attempts at the current step. Reset for each step.</summary>
    public int Attempts { get; private set; }

    /// <summary>How many of <see cref="Attempts"/> were deferred by the mail server; these follow a separate retry schedule.</summary>
    public int Deferrals { get; private set; }

    /// <summary>The error of the last failed attempt at the current step.</summary>
    public string? LastError { get; private set; }

    /// <summary>Why it waits for a user; null when it does not.</summary>
    public Attention? Attention { get; private set; }

    /// <summary>The <see cref="MailThread.MessageId"/> of the first mail; null before that mail is sent.</summary>
    public string? ThreadMessageId { get; private set; }

    /// <summary>The <see cref="MailThread.Subject"/> of the first mail; null before that mail is sent.</summary>
    public string? ThreadSubject { get; private set; }

    /// <summary>The thread that the first mail started; null before that mail is sent.</summary>
    public MailThread? Thread => ThreadMessageId is null ? null : new MailThread(ThreadMessageId, ThreadSubject ?? "");

    /// <summary>When it was enrolled.</summary>
    public DateTimeOffset EnrolledAt { get; private set; }

    /// <summary>The number of events in its timeline.</summary>
    public int EventCount { get; private set; }

    /// <summary>The hash of the last event, which the next one continues.</summary>
    public byte[] EventHash { get; private set; } = FollowUpEvent.Genesis;

    /// <summary>
    /// The keyed checkpoint over <see cref="EventCount"/> and <see cref="EventHash"/>, computed where the key is available; null without a
    /// key.
    /// </summary>
    public byte[]? EventSeal { get; private set; }

    /// <summary>The job of its current step. An ACTIVE instance always has one.</summary>
    public StepJob? Job { get; private set; }

    /// <summary>
    /// Enrols a recipient. The caller and the database check that the sequence accepts enrolments and that the recipient is not enrolled
    /// already.
    /// </summary>
    /// <param name="sequence">The sequence; the instance stays on its current version.</param>
    /// <param name="startAt">When to start; null or a past instant means now.</param>
    /// <param name="schedule">When the sequence's schedule allows sending to this recipient; null means at any time.</param>
    /// <param name="id">The id to use; null creates one.</param>
    /// <param name="actor">The originator; null is the engine.</param>
    /// <returns>The ACTIVE instance with its first job.</returns>
    public static Result<Instance> Enroll(
        Sequence sequence,
        Recipient recipient,
        string variables,
        string? offerId,
        DateTimeOffset? startAt,
        DateTimeOffset now,
        SendingPlan? schedule = null,
        InstanceId? id = null,
        Actor? actor = null
    )
    {
        if (!sequence.Enabled)
        {
            return SequenceErrors.Disabled;
        }

        var instance = new Instance
        {
            Id = id ?? new InstanceId(Guid.CreateVersion7(now)),
            OwnerId = sequence.OwnerId,
            SequenceId = sequence.Id,
            SequenceVersionId = sequence.Current.Id,
            Version = sequence.CurrentVersion,
            Recipient = recipient,
            Variables = variables,
            OfferId = offerId,
            Status = InstanceStatus.Active,
            EnrolledAt = now,
            _actor = actor ?? Actor.Engine,
        };
        instance.Enqueue(new(sequence.Current.Steps, schedule), startAt > now ? startAt.Value.ToUniversalTime() : now, now);
        instance.RecordEvent(EventType.Enrolled, null, now);
        return instance;
    }

    /// <summary>Pauses an ACTIVE instance. A running wait is frozen; a step that is being sent is completed, and the next one waits.</summary>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Pause(DateTimeOffset now)
    {
        if (Status != InstanceStatus.Active)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Paused);
        }

        Status = InstanceStatus.Paused;
        if (Job!.State is JobState.Ready or JobState.Parked)
        {
            Job.Park(ParkReason.Paused, now);
        }

        RecordEvent(EventType.Paused, null, now);
        return Result.Success();
    }

    /// <summary>Resumes a PAUSED instance at its current step.</summary>
    /// <param name="timing">What happens to the time that passed during the pause.</param>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Resume(ResumeTiming timing, Timetable timetable, DateTimeOffset now)
    {
        if (Status != InstanceStatus.Paused)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Active);
        }

        Status = InstanceStatus.Active;
        if (Attention == Instances.Attention.Late)
        {
            Attention = null;
        }

        if (Job!.State == JobState.Parked)
        {
            // Delays by the schedule are dropped: the time is placed again from the original due time.
            var before = Job.WantedAt ?? Job.DueAt;
            var wanted = timing switch
            {
                ResumeTiming.Keep => before,
                ResumeTiming.Restart => timetable.DelayEnds(timetable[CurrentStep], now),
                _ => now + (before - Job.ParkedAt!.Value),
            };
            wanted = wanted < now ? now : wanted;
            Job.MarkReady(wanted, timetable.Place(CurrentStep, wanted, again: Attempts > 0));
        }

        RecordEvent(EventType.Resumed, new() { ["timing"] = CamelNames.Of(timing) }, now);
        return Result.Success();
    }

    /// <summary>Ends an instance permanently. A step that is being sent is completed and recorded; no step follows.</summary>
    /// <returns>Success, also for a stopped instance, which keeps its first reason; <c>invalidTransition</c> for a completed one.</returns>
    public Result Stop(StopReason reason, DateTimeOffset now)
    {
        if (Status == InstanceStatus.Stopped)
        {
            return Result.Success();
        }

        if (Status == InstanceStatus.Completed)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Stopped);
        }

        End(reason, now);
        if (Job?.State != JobState.Leased)
        {
            Job = null;
        }

        return Result.Success();
    }

    /// <summary>Attempts a FAILED instance's step again now, with all retries.</summary>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Retry(Timetable timetable, DateTimeOffset now)
    {
        if (Status != InstanceStatus.Failed)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Active);
        }

        (Status, Attention, Attempts, Deferrals) = (InstanceStatus.Active, null, 0, 0);
        Job = StepJob.For(this, timetable, now, timetable.Place(CurrentStep, now, again: true), now);
        RecordEvent(EventType.Retried, null, now, CurrentStep);
        return Result.Success();
    }

    /// <summary>Skips a FAILED instance's step and continues with the next one.</summary>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Skip(Timetable timetable, DateTimeOffset now)
    {
        if (Status != InstanceStatus.Failed)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Active);
        }

        Status = InstanceStatus.Active;
        Executed(timetable, EventStatus.Skipped, null, new() { ["reason"] = CamelNames.Of(SkipReason.Manual) }, now);
        Advance(timetable, now);
        return Result.Success();
    }

    /// <summary>Resolves a step that is in doubt.</summary>
    /// <param name="resolution">Whether the message was sent.</param>
    /// <param name="by">The source of the resolution.</param>
    /// <returns>Success, or <c>invalidTransition</c> when no step is in doubt.</returns>
    public Result Resolve(Resolution resolution, ResolvedBy by, Timetable timetable, DateTimeOffset now)
    {
        if (Job?.State != JobState.InDoubt)
        {
            return InstanceErrors.NotInDoubt(Status);
        }

        var source = CamelNames.Of(by);
        RecordEvent(EventType.Resolved, new() { ["outcome"] = CamelNames.Of(resolution), ["by"] = source }, now, CurrentStep);
        Attention = null;
        if (resolution == Resolution.Sent)
        {
            Executed(timetable, EventStatus.Sent, null, new() { ["resolvedBy"] = source }, now);
            Advance(timetable, now);
            return Result.Success();
        }

        Job.MarkReady(now, timetable.Place(CurrentStep, now, again: true));
        if (Status == InstanceStatus.Paused)
        {
            Job.Park(ParkReason.Paused, now);
        }

        return Result.Success();
    }

    /// <summary>Postpones a step that is due now, so that a mass change does not release many steps at once.</summary>
    /// <param name="slot">Returns the due time; called only when the step is due.</param>
    public void Spread(Func<DateTimeOffset> slot, Timetable timetable, DateTimeOffset now)
    {
        if (Status == InstanceStatus.Active && Job is { State: JobState.Ready } job && job.DueAt <= now)
        {
            var wanted = slot();
            job.MarkReady(wanted, timetable.Place(CurrentStep, wanted, again: Attempts > 0));
        }
    }

    private void End(StopReason reason, DateTimeOffset now)
    {
        (Status, StopReason, Attention) = (InstanceStatus.Stopped, reason, null);
        RecordEvent(EventType.Stopped, new() { ["reason"] = CamelNames.Of(reason) }, now);
    }
}
