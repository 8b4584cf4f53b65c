using Ardalis.Result;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <summary>
/// One recipient going through one sequence version. Aggregate root: it guards its status, its place, its one <see cref="Job"/> and the
/// chain of its events. This part holds what it is and what people do to it; <c>Instance.Steps.cs</c> holds what the engine does.
/// </summary>
public sealed partial class Instance : AggregateRoot
{
    private Instance() { }

    /// <summary>The instance's id.</summary>
    public InstanceId Id { get; private set; }

    /// <summary>Whose it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>The sequence version whose steps it goes through.</summary>
    public SequenceVersionId SequenceVersionId { get; private set; }

    /// <summary>That version's number.</summary>
    public int Version { get; private set; }

    /// <summary>The person.</summary>
    public Recipient Recipient { get; private set; } = null!;

    /// <summary>What templates may read beside the recipient: a JSON object.</summary>
    public string Variables { get; private set; } = "{}";

    /// <summary>The offer that it is about, as the client names it.</summary>
    public string? OfferId { get; private set; }

    /// <summary>Where it stands.</summary>
    public InstanceStatus Status { get; private set; }

    /// <summary>Why it was stopped.</summary>
    public StopReason? StopReason { get; private set; }

    /// <summary>The step that comes next or failed; the number of steps when all are done.</summary>
    public StepIndex CurrentStep { get; private set; }

    /// <summary>How often the current step was tried without success. Starts anew with each step.</summary>
    public int Attempts { get; private set; }

    /// <summary>How many of <see cref="Attempts"/> ended with the server's wish for a later try; they have a schedule of their own.</summary>
    public int Deferrals { get; private set; }

    /// <summary>What went wrong at the last try of the current step.</summary>
    public string? LastError { get; private set; }

    /// <summary>Why it waits for a person; null when it does not.</summary>
    public Attention? Attention { get; private set; }

    /// <summary>The <see cref="MailThread.MessageId"/> of the first mail; null before it.</summary>
    public string? ThreadMessageId { get; private set; }

    /// <summary>The <see cref="MailThread.Subject"/> of the first mail; null before it.</summary>
    public string? ThreadSubject { get; private set; }

    /// <summary>The first mail that was sent; null before it.</summary>
    public MailThread? Thread => ThreadMessageId is null ? null : new MailThread(ThreadMessageId, ThreadSubject ?? "");

    /// <summary>When it was enrolled.</summary>
    public DateTimeOffset EnrolledAt { get; private set; }

    /// <summary>How many events its timeline has.</summary>
    public int EventCount { get; private set; }

    /// <summary>The last event's hash, which the next one continues.</summary>
    public byte[] EventHash { get; private set; } = FollowUpEvent.Genesis;

    /// <summary>The keyed checkpoint over <see cref="EventCount"/> and <see cref="EventHash"/>, made where the key is; null without a key.</summary>
    public byte[]? EventSeal { get; private set; }

    /// <summary>Its next step in the outbox. An ACTIVE instance always has one.</summary>
    public StepJob? Job { get; private set; }

    /// <summary>When its sequence's schedule lets it send; null means at any time. Not stored: whoever loads the instance says so with <see cref="UseSchedule"/>.</summary>
    public SendingPlan? Plan { get; private set; }

    /// <summary>Holds all that is put into the outbox from now on to a plan.</summary>
    /// <param name="plan">The plan of its sequence for its recipient; null means that it may send at any time.</param>
    public void UseSchedule(SendingPlan? plan) => Plan = plan;

    /// <summary>Enrols somebody. Whether the sequence takes enrolments and the address is free is checked by the caller and the database.</summary>
    /// <param name="sequence">The sequence; the instance stays on its current version.</param>
    /// <param name="recipient">The person.</param>
    /// <param name="variables">A JSON object for the templates.</param>
    /// <param name="offerId">The offer that it is about, or null.</param>
    /// <param name="startAt">When to start; null or an instant in the past means now.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="plan">When the sequence's schedule lets it send to this recipient; null means at any time.</param>
    /// <param name="id">Its id, where the caller has one; else a new one.</param>
    /// <returns>The instance, ACTIVE, with its first job.</returns>
    public static Result<Instance> Enroll(
        Sequence sequence,
        Recipient recipient,
        string variables,
        string? offerId,
        DateTimeOffset? startAt,
        DateTimeOffset now,
        SendingPlan? plan = null,
        InstanceId? id = null
    )
    {
        if (!sequence.Enabled)
        {
            return SequenceErrors.Disabled.ToResult();
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
            Plan = plan,
        };
        instance.Enqueue(sequence.Current.Steps, startAt > now ? startAt.Value.ToUniversalTime() : now, now);
        instance.RecordEvent("enrolled", null, now);
        return instance;
    }

    /// <summary>Halts an ACTIVE instance. A countdown freezes; a step that is being sent is finished, and the one after it waits.</summary>
    /// <param name="now">The present instant.</param>
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

        RecordEvent("paused", null, now);
        return Result.Success();
    }

    /// <summary>Lets a PAUSED instance go on from the step at which it was paused.</summary>
    /// <param name="timing">What becomes of the time that passed.</param>
    /// <param name="steps">The steps of its version.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Resume(ResumeTiming timing, IReadOnlyList<Step> steps, DateTimeOffset now)
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
            // What the schedule put off counts from when it was wanted: the schedule has its say again.
            var (step, before) = (steps[CurrentStep.Value], Job.WantedAt ?? Job.DueAt);
            var wanted = timing switch
            {
                ResumeTiming.Keep => before,
                ResumeTiming.Restart => DueAfter(step, now),
                _ => now + (before - Job.ParkedAt!.Value),
            };
            wanted = wanted < now ? now : wanted;
            Job.MarkReady(wanted, Attempts > 0 ? PlaceAgain(step.Type, wanted) : Place(step, wanted));
        }

        RecordEvent("resumed", new() { ["timing"] = Word(timing) }, now);
        return Result.Success();
    }

    /// <summary>Ends an instance for good. A step that is being sent is finished and recorded; nothing comes after it.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="now">The present instant.</param>
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

    /// <summary>Tries a FAILED instance's step again, now, with all retries.</summary>
    /// <param name="steps">The steps of its version.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Retry(IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        if (Status != InstanceStatus.Failed)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Active);
        }

        (Status, Attention, Attempts, Deferrals) = (InstanceStatus.Active, null, 0, 0);
        Job = StepJob.For(this, steps, now, PlaceAgain(steps[CurrentStep.Value].Type, now), now);
        RecordEvent("retried", null, now, CurrentStep);
        return Result.Success();
    }

    /// <summary>Gives a FAILED instance's step up and goes on with the next one.</summary>
    /// <param name="steps">The steps of its version.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Skip(IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        if (Status != InstanceStatus.Failed)
        {
            return InstanceErrors.InvalidTransition(Status, InstanceStatus.Active);
        }

        Status = InstanceStatus.Active;
        Executed(steps, "skipped", null, new() { ["reason"] = "manual" }, now);
        Advance(steps, now);
        return Result.Success();
    }

    /// <summary>Settles a step that is in doubt.</summary>
    /// <param name="resolution">Whether the message went out.</param>
    /// <param name="by">Who or what settled it, such as <c>person</c>, <c>providerEvent</c> or <c>policy</c>.</param>
    /// <param name="steps">The steps of its version.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>Success, or <c>invalidTransition</c> when nothing is in doubt.</returns>
    public Result Resolve(Resolution resolution, string by, IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        if (Job?.State != JobState.InDoubt)
        {
            return InstanceErrors.NotInDoubt(Status);
        }

        RecordEvent("resolved", new() { ["outcome"] = Word(resolution), ["by"] = by }, now, CurrentStep);
        Attention = null;
        if (resolution == Resolution.Sent)
        {
            Executed(steps, "sent", null, new() { ["resolvedBy"] = by }, now);
            Advance(steps, now);
            return Result.Success();
        }

        Job.MarkReady(now, PlaceAgain(Job.StepType, now));
        if (Status == InstanceStatus.Paused)
        {
            Job.Park(ParkReason.Paused, now);
        }

        return Result.Success();
    }

    /// <summary>Puts a step that is due now to a later instant, where an action on many instances makes many of them due.</summary>
    /// <param name="slot">Gives the instant; asked only when a step is due.</param>
    /// <param name="steps">The steps of its version.</param>
    /// <param name="now">The present instant.</param>
    public void Spread(Func<DateTimeOffset> slot, IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        if (Status == InstanceStatus.Active && Job is { State: JobState.Ready } job && job.DueAt <= now)
        {
            var (step, wanted) = (steps[CurrentStep.Value], slot());
            job.MarkReady(wanted, Attempts > 0 ? PlaceAgain(step.Type, wanted) : Place(step, wanted));
        }
    }

    private static string Word<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private void End(StopReason reason, DateTimeOffset now)
    {
        (Status, StopReason, Attention) = (InstanceStatus.Stopped, reason, null);
        RecordEvent("stopped", new() { ["reason"] = Word(reason) }, now);
    }

    private void RecordEvent(string type, Dictionary<string, string?>? content, DateTimeOffset now, StepIndex? step = null) =>
        Record(FollowUpEvent.Append(this, type, null, step, null, content ?? [], now));

    private void Record(FollowUpEvent happened)
    {
        (EventCount, EventHash) = (happened.Number, happened.Hash);
        Revision++;
        Raise(happened);
    }
}
