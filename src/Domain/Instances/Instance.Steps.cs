using System.Globalization;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Domain.Instances;

/// <content>What the engine does: starts a claimed step and applies its outcome.</content>
public sealed partial class Instance
{
    /// <summary>Restores an instance from what the outbox's claim read.</summary>
    /// <returns>The instance with its leased job.</returns>
    public static Instance FromClaim(ClaimedState state)
    {
        var instance = new Instance
        {
            Id = state.Id,
            OwnerId = state.OwnerId,
            SequenceId = state.SequenceId,
            SequenceVersionId = state.SequenceVersionId,
            Version = state.Version,
            Recipient = state.Recipient,
            Variables = state.Variables,
            OfferId = state.OfferId,
            Status = state.Status,
            StopReason = state.StopReason,
            CurrentStep = state.CurrentStep,
            Attempts = state.Attempts,
            Deferrals = state.Deferrals,
            LastError = state.LastError,
            Attention = state.Attention,
            ThreadMessageId = state.ThreadMessageId,
            ThreadSubject = state.ThreadSubject,
            EventCount = state.EventCount,
            EventHash = state.EventHash,
            EventSeal = state.EventSeal,
            Revision = state.Revision,
        };
        instance.Job = StepJob.Claimed(
            state.JobId,
            instance,
            state.StepType,
            state.DueAt,
            state.Attempt,
            state.Owner,
            state.IsFirst,
            state.WantedAt
        );
        return instance;
    }

    /// <summary>
    /// Decides what to do with the claimed step from the claim's own read, which sees every stop that was committed before the claim.
    /// </summary>
    /// <param name="conditions">What the claim read besides the instance.</param>
    public StepDecision Begin(StepConditions conditions, DateTimeOffset now)
    {
        if (Status != InstanceStatus.Active)
        {
            AlignJobWithStatus(now);
            return StepDecision.NoSend;
        }

        if (conditions.OwnerBlocked || !conditions.SequenceEnabled)
        {
            Job!.Park(conditions.OwnerBlocked ? ParkReason.OwnerBlocked : ParkReason.SequenceDisabled, now);
            Revision++;
            return StepDecision.NoSend;
        }

        if (conditions.Suppressed is { } reason)
        {
            End(reason, now);
            Job = null;
            return StepDecision.NoSend;
        }

        if (now - Job!.DueAt > conditions.MaxLateness)
        {
            (Status, Attention) = (InstanceStatus.Paused, Instances.Attention.Late);
            Job.Park(ParkReason.Paused, now);
            RecordEvent("paused", new() { ["reason"] = "late" }, now);
            return StepDecision.NoSend;
        }

        // Check the schedule again: it may have changed since, or the worker may be late.
        if (Job.StepType != StepType.Wait && conditions.ChannelConfigured && Plan?.IsOpen(now) == false)
        {
            PutOff(Plan.Place(now, conditions.At), now);
            return StepDecision.NoSend;
        }

        return Job.StepType switch
        {
            StepType.Wait => StepDecision.GoOn,
            StepType.Email or StepType.Sms => conditions.ChannelConfigured ? StepDecision.Send : StepDecision.Skip,
            _ => throw new InvalidOperationException($"No such step type: {Job.StepType}"),
        };
    }

    /// <summary>
    /// Defers the claimed step because a limit is reached, before anything was sent, to the first opening of the schedule after the limit
    /// ends.
    /// </summary>
    /// <param name="refused">Which limit, and when it ends.</param>
    /// <param name="steps">The steps of the instance's version.</param>
    public void PutOff(Move refused, IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        // A minimum gap passes within the day, so the step does not wait for its local time again.
        var step = steps[CurrentStep.Value];
        var placed =
            refused.Reason is MoveReason.Gap or MoveReason.Rendering || Attempts > 0
                ? PlaceAgain(step.Type, refused.To)
                : Place(step, refused.To);
        PutOff(placed with { Moves = [refused, .. placed.Moves] }, now);
    }

    /// <summary>
    /// Does not count as an attempt and writes no event. The job keeps the reason and its original due time, which orders the waiting jobs.
    /// </summary>
    private void PutOff(Placement placed, DateTimeOffset now)
    {
        Job!.MarkReady(Job.WantedAt ?? Job.DueAt, placed);
        AlignJobWithStatus(now);
    }

    /// <summary>Applies the outcome of the claimed step. Also valid when a user paused or stopped the instance in the meantime.</summary>
    /// <param name="steps">The steps of the instance's version.</param>
    /// <param name="rules">The policies that apply to the outcome.</param>
    public void Apply(StepOutcome outcome, IReadOnlyList<Step> steps, OutcomeRules rules, DateTimeOffset now)
    {
        switch (outcome)
        {
            case StepOutcome.Sent sent:
                BeginThread(sent.Mail);
                Executed(steps, "sent", sent.MessageId, Receipt(sent, rules.Attempt), now);
                Advance(steps, now);
                break;
            case StepOutcome.Skipped skipped:
                Executed(steps, "skipped", null, new() { ["reason"] = skipped.Reason }, now);
                Advance(steps, now);
                break;
            case StepOutcome.WaitOver:
                Executed(steps, "completed", null, [], now);
                Advance(steps, now);
                break;
            case StepOutcome.TryFailed failed:
                RetryLater(failed, steps, rules, now);
                break;
            case StepOutcome.Rejected rejected:
                Attempts++;
                Fail(rejected.Error, rejected.Code, rejected.StopReason, steps, rules.Attempt, now);
                break;
            case StepOutcome.Doubtful doubtful:
                BeginThread(doubtful.Mail);
                Doubt(doubtful, rules, now);
                break;
            case StepOutcome.WorkerLost:
                RetryNow(steps, rules, now);
                break;
            default:
                throw new InvalidOperationException($"No such outcome: {outcome}");
        }
    }

    /// <summary>
    /// Whether a step in doubt may be sent again without a user. Failures and doubts together are limited by
    /// <see cref="RetryPolicy.MaxRetries"/>.
    /// </summary>
    /// <param name="retry">The retry policy.</param>
    public bool MayResend(RetryPolicy retry) => Retries <= retry.MaxRetries;

    /// <summary>The failed attempts that count against <see cref="RetryPolicy.MaxRetries"/>.</summary>
    private int Retries => Attempts - Deferrals;

    /// <summary>The first mail starts the thread; later mails may reply to it.</summary>
    private void BeginThread(MailThread? mail)
    {
        if (mail is not null && ThreadMessageId is null)
        {
            (ThreadMessageId, ThreadSubject) = (mail.MessageId, mail.Subject);
        }
    }

    private static Dictionary<string, string?> Receipt(StepOutcome.Sent sent, AttemptId? attempt) =>
        WithAttempt(
            new()
            {
                ["contentHash"] = sent.ContentHash,
                ["provider"] = sent.Provider,
                ["providerMessageId"] = sent.ProviderMessageId,
            },
            attempt
        );

    /// <summary>The provider received the attempt's id with the message, so operators can match events to the provider's records.</summary>
    private static Dictionary<string, string?> WithAttempt(Dictionary<string, string?> content, AttemptId? attempt)
    {
        if (attempt is { } id)
        {
            content["attemptId"] = id.Value.ToString();
        }

        return content;
    }

    private void Executed(
        IReadOnlyList<Step> steps,
        string status,
        Guid? messageId,
        Dictionary<string, string?> content,
        DateTimeOffset now
    )
    {
        var type = steps[CurrentStep.Value].Type.ToString().ToUpperInvariant();
        if (Job is { } job)
        {
            content["elapsedMs"] = ((long)(now - job.EnqueuedAt).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        if (steps.VariantFor(CurrentStep, Id.Value) is { } variant)
        {
            content["variant"] = variant.Name;
        }

        Record(FollowUpEvent.Append(this, type, status, CurrentStep, messageId, content, now));
    }

    private void Advance(IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        CurrentStep = CurrentStep.Next;
        (Attempts, Deferrals, LastError, Attention) = (0, 0, null, null);
        if (Status == InstanceStatus.Stopped)
        {
            Job = null;
        }
        else if (CurrentStep.Value == steps.Count)
        {
            Job = null;
            Status = InstanceStatus.Completed;
            RecordEvent("completed", null, now);
        }
        else
        {
            Enqueue(steps, now, now);
            AlignJobWithStatus(now);
        }
    }

    /// <summary>
    /// Creates the job of the current step: due when its delay has passed and, for a message, when the schedule allows sending.
    /// </summary>
    private void Enqueue(IReadOnlyList<Step> steps, DateTimeOffset from, DateTimeOffset now)
    {
        var step = steps[CurrentStep.Value];
        var wanted = DueAfter(step, from);
        Job = StepJob.For(this, steps, wanted, Place(step, wanted), now);
    }

    private DateTimeOffset DueAfter(Step step, DateTimeOffset from) =>
        step is WaitStep { BusinessDays: { } days }
            ? Plan?.AddBusinessDays(from, days) ?? SendingPlan.AddWeekdays(from, days)
            : from + step.Delay;

    private Placement Place(Step step, DateTimeOffset wanted) =>
        step.Type == StepType.Wait || Plan is null ? new(wanted, []) : Plan.Place(wanted, step.At);

    /// <summary>
    /// For a further attempt: inside the window, but without waiting for the step's local time again, which would cost a day.
    /// </summary>
    private Placement PlaceAgain(StepType type, DateTimeOffset wanted) =>
        type == StepType.Wait || Plan is null ? new(wanted, []) : Plan.Place(wanted);

    private void RetryLater(StepOutcome.TryFailed failed, IReadOnlyList<Step> steps, OutcomeRules rules, DateTimeOffset now)
    {
        LastError = ErrorText.Of(failed.Error, Recipient);
        Revision++;
        if (failed.Postponed)
        {
            // The job keeps its due time, so that the steps go out in their order when the provider is back.
            Job!.Release();
            AlignJobWithStatus(now);
            return;
        }

        Attempts++;
        Deferrals += failed.Deferred ? 1 : 0;
        if (DelayAfter(failed, rules) is not { } delay)
        {
            Fail(failed.Error, failed.Code, null, steps, rules.Attempt, now);
            return;
        }

        var wanted = now + (failed.RetryAfter > delay ? failed.RetryAfter.Value : delay);
        var placed = PlaceAgain(Job!.StepType, wanted);
        Job.MarkReady(wanted, failed.Deferred ? placed with { Moves = [new Move(MoveReason.Deferred, wanted), .. placed.Moves] } : placed);
        AlignJobWithStatus(now);
    }

    /// <summary>How long to wait before the next attempt; null when there is none.</summary>
    private TimeSpan? DelayAfter(StepOutcome.TryFailed failed, OutcomeRules rules) =>
        failed.Deferred ? rules.Retry.Deferral(Deferrals, rules.Chance)
        : Retries <= rules.Retry.MaxRetries ? rules.Retry.Delay(Retries, rules.Chance)
        : null;

    private void RetryNow(IReadOnlyList<Step> steps, OutcomeRules rules, DateTimeOffset now)
    {
        // A crash counts as an attempt, so that a step that crashes its worker is not retried indefinitely.
        LastError = "The worker stopped responding while it held the step.";
        Attempts++;
        Revision++;
        if (Retries > rules.Retry.MaxRetries)
        {
            Fail(LastError, "workerLost", null, steps, rules.Attempt, now);
            return;
        }

        Job!.MarkReady(now, PlaceAgain(Job.StepType, now));
        AlignJobWithStatus(now);
    }

    private void Fail(string error, string code, StopReason? stop, IReadOnlyList<Step> steps, AttemptId? attempt, DateTimeOffset now)
    {
        LastError = ErrorText.Of(error, Recipient);
        // A provider's text may contain personal data; events are immutable, so they keep only the code.
        Executed(steps, "failed", null, WithAttempt(new() { ["error"] = code }, attempt), now);
        Job = null;
        if (Status == InstanceStatus.Stopped)
        {
            return;
        }

        if (stop is { } reason)
        {
            End(reason, now);
        }
        else
        {
            (Status, Attention) = (InstanceStatus.Failed, Instances.Attention.Failed);
        }
    }

    private void Doubt(StepOutcome.Doubtful doubtful, OutcomeRules rules, DateTimeOffset now)
    {
        LastError = ErrorText.Of(doubtful.Reason, Recipient);
        Attempts++;
        RecordEvent("inDoubt", WithAttempt(new() { ["reason"] = doubtful.Code }, rules.Attempt), now, CurrentStep);
        if (Status == InstanceStatus.Stopped)
        {
            Job = null;
            return;
        }

        Attention = Instances.Attention.InDoubt;
        Job!.MarkInDoubt(now + rules.DoubtGrace);
    }

    /// <summary>Parks or removes the job when the instance was paused or stopped while the step was being executed.</summary>
    private void AlignJobWithStatus(DateTimeOffset now)
    {
        if (Status == InstanceStatus.Paused)
        {
            Job?.Park(ParkReason.Paused, now);
        }
        else if (Status != InstanceStatus.Active)
        {
            Job = null;
        }

        Revision++;
    }
}
