using System.Globalization;

namespace FollowUp.Domain.Instances;

/// <content>What an outcome of a step means.</content>
public sealed partial class Instance
{
    /// <summary>Applies the outcome of the claimed step. Also valid when a user paused or stopped the instance in the meantime.</summary>
    public void Apply(StepOutcome outcome, Timetable timetable, OutcomeRules rules, DateTimeOffset now)
    {
        switch (outcome)
        {
            case StepOutcome.Sent sent:
                BeginThread(sent.Mail);
                Executed(timetable, EventStatus.Sent, sent.MessageId, Receipt(sent, rules.Attempt), now);
                Advance(timetable, now);
                break;
            case StepOutcome.Skipped skipped:
                Executed(timetable, EventStatus.Skipped, null, new() { ["reason"] = CamelNames.Of(skipped.Reason) }, now);
                Advance(timetable, now);
                break;
            case StepOutcome.WaitOver:
                Executed(timetable, EventStatus.Completed, null, [], now);
                Advance(timetable, now);
                break;
            case StepOutcome.TryFailed failed:
                RetryLater(failed, timetable, rules, now);
                break;
            case StepOutcome.Rejected rejected:
                Attempts++;
                Fail(rejected.Error, rejected.Code, rejected.StopReason, timetable, rules.Attempt, now);
                break;
            case StepOutcome.Doubtful doubtful:
                BeginThread(doubtful.Mail);
                Doubt(doubtful, rules, now);
                break;
            case StepOutcome.WorkerLost:
                RetryNow(timetable, rules, now);
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

    private void Executed(Timetable timetable, EventStatus status, Guid? messageId, Dictionary<string, string?> content, DateTimeOffset now)
    {
        if (Job is { } job)
        {
            content["elapsedMs"] = ((long)(now - job.EnqueuedAt).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        if (timetable.Steps.VariantFor(CurrentStep, Id.Value) is { } variant)
        {
            content["variant"] = variant.Name;
        }

        Record(FollowUpEvent.Append(this, EventType.Of(timetable[CurrentStep].Type), status, CurrentStep, messageId, content, _actor, now));
    }

    private void RetryLater(StepOutcome.TryFailed failed, Timetable timetable, OutcomeRules rules, DateTimeOffset now)
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
            Fail(failed.Error, failed.Code, null, timetable, rules.Attempt, now);
            return;
        }

        var wanted = now + (failed.RetryAfter > delay ? failed.RetryAfter.Value : delay);
        var placed = timetable.Place(CurrentStep, wanted, again: true);
        Job!.MarkReady(wanted, failed.Deferred ? placed with { Moves = [new Move(MoveReason.Deferred, wanted), .. placed.Moves] } : placed);
        AlignJobWithStatus(now);
    }

    /// <summary>How long to wait before the next attempt; null when there is none.</summary>
    private TimeSpan? DelayAfter(StepOutcome.TryFailed failed, OutcomeRules rules) =>
        failed.Deferred ? rules.Retry.Deferral(Deferrals, rules.Chance)
        : Retries <= rules.Retry.MaxRetries ? rules.Retry.Delay(Retries, rules.Chance)
        : null;

    private void RetryNow(Timetable timetable, OutcomeRules rules, DateTimeOffset now)
    {
        // A crash counts as an attempt, so that a step that crashes its worker is not retried indefinitely.
        LastError = "The worker stopped responding while it held the step.";
        Attempts++;
        Revision++;
        if (Retries > rules.Retry.MaxRetries)
        {
            Fail(LastError, "workerLost", null, timetable, rules.Attempt, now);
            return;
        }

        Job!.MarkReady(now, timetable.Place(CurrentStep, now, again: true));
        AlignJobWithStatus(now);
    }

    private void Fail(string error, string code, StopReason? stop, Timetable timetable, AttemptId? attempt, DateTimeOffset now)
    {
        LastError = ErrorText.Of(error, Recipient);
        // A provider's text may contain personal data; events are immutable, so they keep only the code.
        Executed(timetable, EventStatus.Failed, null, WithAttempt(new() { ["error"] = code }, attempt), now);
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
        RecordEvent(EventType.InDoubt, WithAttempt(new() { ["reason"] = doubtful.Code }, rules.Attempt), now, CurrentStep);
        if (Status == InstanceStatus.Stopped)
        {
            Job = null;
            return;
        }

        Attention = Instances.Attention.InDoubt;
        Job!.MarkInDoubt(now + rules.DoubtGrace);
    }
}
