namespace FollowUp.Domain.Instances;

/// <content>What the engine does: starts a claimed step and continues with the next one.</content>
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
        instance.Job = StepJob.Claimed(instance, state);
        return instance;
    }

    /// <summary>
    /// Decides what to do with the claimed step from the claim's own read, which sees every stop that was committed before the claim.
    /// </summary>
    /// <param name="conditions">What the claim read besides the instance.</param>
    public StepDecision Begin(StepConditions conditions, Timetable timetable, DateTimeOffset now)
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
            RecordEvent(EventType.Paused, new() { ["reason"] = CamelNames.Of(Instances.Attention.Late) }, now);
            return StepDecision.NoSend;
        }

        // Check the schedule again: it may have changed since, or the worker may be late.
        if (Job.StepType != StepType.Wait && conditions.ChannelConfigured && timetable.Schedule?.IsOpen(now) == false)
        {
            PutOff(timetable.Place(CurrentStep, now, again: false), now);
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
    public void PutOff(Move refused, Timetable timetable, DateTimeOffset now) =>
        PutOff(timetable.Postpone(CurrentStep, refused, again: Attempts > 0), now);

    /// <summary>
    /// Does not count as an attempt and writes no event. The job keeps the reason and its original due time, which orders the waiting jobs.
    /// </summary>
    private void PutOff(Placement placed, DateTimeOffset now)
    {
        Job!.MarkReady(Job.WantedAt ?? Job.DueAt, placed);
        AlignJobWithStatus(now);
    }

    private void Advance(Timetable timetable, DateTimeOffset now)
    {
        CurrentStep = CurrentStep.Next;
        (Attempts, Deferrals, LastError, Attention) = (0, 0, null, null);
        if (Status == InstanceStatus.Stopped)
        {
            Job = null;
        }
        else if (CurrentStep.Value == timetable.Steps.Count)
        {
            Job = null;
            Status = InstanceStatus.Completed;
            RecordEvent(EventType.Completed, null, now);
        }
        else
        {
            Enqueue(timetable, now, now);
            AlignJobWithStatus(now);
        }
    }

    /// <summary>Creates the job of the current step: due when its delay has passed and, for a message, when the schedule allows sending.</summary>
    private void Enqueue(Timetable timetable, DateTimeOffset from, DateTimeOffset now)
    {
        var wanted = timetable.DelayEnds(timetable[CurrentStep], from);
        Job = StepJob.For(this, timetable, wanted, timetable.Place(CurrentStep, wanted, again: false), now);
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
