using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FollowUp.Application.Dispatch;

/// <summary>
/// Executes one claimed step: decides, renders, sends, applies the outcome and writes it back. No transaction is open while a provider is
/// called.
/// </summary>
internal sealed record ExecuteStep(ClaimedStep Step) : IUnboundCommand<WriteBack>;

internal sealed partial class ExecuteStepHandler(
    IStepOutbox outbox,
    ISequenceVersions versions,
    ISendingPlans plans,
    ISendQuota quota,
    MessageComposer messages,
    RenderShares shares,
    IStepSenders senders,
    IBreakers breakers,
    EngineMetrics metrics,
    DispatchOptions options,
    TimeProvider time,
    ILogger<ExecuteStepHandler> logger
) : ICommandHandler<ExecuteStep, WriteBack>
{
    public async Task<Result<WriteBack>> Handle(ExecuteStep command, CancellationToken cancellationToken)
    {
        var step = command.Step;
        var type = step.Instance.Job!.StepType;
        var timetable = await TimetableOf(step, cancellationToken);
        Activity
            .Current?.SetTag("followup.instance_id", step.Instance.Id.Value)
            .SetTag("followup.step_index", step.Instance.CurrentStep.Value);

        // Null when the lease is no longer safe, so that nothing may be sent or written.
        var outcome = Decide(step, timetable) ?? await Send(step, timetable, cancellationToken);
        if (step.IsProbe && !step.Lease.MayHaveSent)
        {
            await breakers.SentNothing(ChannelOf(type), step.Instance.Id, cancellationToken);
        }

        if (outcome is null)
        {
            await outbox.Unsent(step, cancellationToken);
            return Lost(step);
        }

        while (true)
        {
            var written = await WriteBack(step, timetable, outcome, cancellationToken);
            switch (written)
            {
                case Dispatch.WriteBack.Done:
                    metrics.Done(type, outcome.Name);
                    LogDone(logger, step.Instance.Id.Value, step.Instance.Version, outcome.Name);
                    return written;
                case Dispatch.WriteBack.LeaseLost:
                    return Lost(step);
                default:
                    if (outcome is StepOutcome.NotSent)
                    {
                        // Only a read was done, and it is stale: release the step for another claim.
                        await outbox.GiveBack(step, cancellationToken);
                        return written;
                    }

                    // A user paused or stopped the instance in the meantime: apply the outcome to its current state.
                    if (await outbox.Refresh(step, cancellationToken) is not { } fresh)
                    {
                        return Lost(step);
                    }

                    step = fresh;
                    timetable = await TimetableOf(step, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>The schedule is read after the claim, so a change committed before the claim applies to this step.</summary>
    private async ValueTask<Timetable> TimetableOf(ClaimedStep step, CancellationToken cancellationToken) =>
        new(
            await versions.Steps(step.Instance.SequenceVersionId, cancellationToken),
            step.IsScheduled ? await plans.ForStep(step.Instance.SequenceId, step.Instance.Recipient.TimeZone, cancellationToken) : null
        );

    /// <summary>What the instance decides without sending; null when the message is to be sent.</summary>
    private StepOutcome? Decide(ClaimedStep step, Timetable timetable)
    {
        var job = step.Instance.Job!;
        var configured = job.StepType == StepType.Wait || senders.For(ChannelOf(job.StepType)) is not null;
        var conditions = new StepConditions(step.SequenceEnabled, step.Suppressed, configured, options.MaxLateness)
        {
            OwnerBlocked = step.OwnerBlocked,
        };
        return step.Instance.Begin(conditions, timetable, step.Now(time)) switch
        {
            StepDecision.Send => null,
            StepDecision.Skip => new StepOutcome.Skipped(SkipReason.NoSmsProvider),
            StepDecision.GoOn => new StepOutcome.WaitOver(),
            _ => new StepOutcome.NotSent(
                step.Instance.Job switch
                {
                    null => "stopped",
                    { State: JobState.Ready } => "putOff",
                    _ => "parked",
                }
            ),
        };
    }

    private async Task<StepOutcome?> Send(ClaimedStep step, Timetable timetable, CancellationToken cancellationToken)
    {
        var channel = ChannelOf(step.Instance.Job!.StepType);
        if (channel == Channel.Sms && SkipReasons.ForSms(hasProvider: true, step.Instance.Recipient) is { } reason)
        {
            return new StepOutcome.Skipped(reason);
        }

        if (channel == Channel.Sms && quota.ForbidsCountry(step.Instance.Recipient))
        {
            return MessageComposer.Rejected(DispatchErrors.SmsCountryForbidden, DispatchErrors.SmsCountryForbiddenCode);
        }

        // A sandbox's clock does not run by itself: rendering counts against the request that moves it.
        if (!step.ClockStands && shares.Book(step.Instance.OwnerId) is { } wait)
        {
            return PutOff(step, new Move(MoveReason.Rendering, step.Now(time) + wait), timetable);
        }

        var (composed, rejected) = await messages.Compose(step, timetable.Steps, step.Now(time), cancellationToken);
        if (composed is null)
        {
            return rejected;
        }

        // A worker that was suspended and resumed must not send what another node may have taken over.
        if (!step.Lease.IsSafe)
        {
            return null;
        }

        var taken = await quota.Take(step, channel, step.Now(time), cancellationToken);
        if (taken.Refused is { } refused)
        {
            return PutOff(step, refused, timetable);
        }

        var sender = senders.For(channel)!;
        return await HandOver(step, channel, sender, composed.Outgoing, taken.Slot, cancellationToken) is { } result
            ? ProviderOutcome.Of(result, sender.Provider, composed, await Tell(channel, step, result, cancellationToken))
            : null;
    }

    private StepOutcome.NotSent PutOff(ClaimedStep step, Move move, Timetable timetable)
    {
        step.Instance.PutOff(move, timetable, step.Now(time));
        return new StepOutcome.NotSent("putOff");
    }

    /// <summary>Calls the provider; null when the lease is no longer safe. The slot is given back whenever nothing was sent.</summary>
    private async Task<SendResult?> HandOver(
        ClaimedStep step,
        Channel channel,
        IStepSender sender,
        OutgoingMessage message,
        SendSlot? slot,
        CancellationToken cancellationToken
    )
    {
        SendResult? result = null;
        try
        {
            // Taking a slot may have outlasted the lease's safe period.
            if (step.Lease.IsSafe)
            {
                step.Lease.MayHaveSent = true;
                result = await sender.Send(message, cancellationToken);
            }

            return result;
        }
        catch
        {
            step.Lease.MayHaveSent = false;
            throw;
        }
        finally
        {
            if (result is null or SendResult.Retryable or SendResult.Rejected)
            {
                await quota.GiveBack(step, channel, slot);
            }
        }
    }

    /// <summary>Reports the call's outcome to the breaker; returns whether it is open now.</summary>
    private async Task<bool> Tell(Channel channel, ClaimedStep step, SendResult result, CancellationToken cancellationToken)
    {
        var failure = result switch
        {
            SendResult.Retryable { ProviderWide: true } retryable => new ProviderFailure(
                retryable.RetryAfter,
                retryable.Error,
                retryable.Code
            ),
            SendResult.Rejected { ProviderWide: true } rejected => new ProviderFailure(null, rejected.Error, rejected.Code),
            // A doubt counts for the breaker too: otherwise a hanging provider would put every due step in doubt.
            SendResult.InDoubt doubt => new ProviderFailure(null, doubt.Reason, doubt.Code),
            _ => null,
        };
        if (failure is not null)
        {
            var cause = ErrorText.Of(failure.Cause, step.Instance.Recipient);
            return await breakers.Failed(channel, step, failure with { Cause = cause }, cancellationToken);
        }

        // Only an accepted message shows that the provider works. A refusal of one message says nothing about the others.
        if (result is SendResult.Accepted)
        {
            await breakers.Accepted(channel, step, cancellationToken);
        }
        else if (step.IsProbe)
        {
            await breakers.Refused(channel, step.Instance.Id, cancellationToken);
        }

        return false;
    }

    private Task<WriteBack> WriteBack(ClaimedStep step, Timetable timetable, StepOutcome outcome, CancellationToken cancellationToken)
    {
        var (now, instance) = (step.Now(time), step.Instance);
        var channel = instance.Job?.StepType == StepType.Sms ? Channel.Sms : Channel.Email;
        var attempt = outcome.Attempt(instance.Recipient);
        if (outcome is not StepOutcome.NotSent)
        {
            var rules = new OutcomeRules(options.Retry, Random.Shared.NextDouble(), options.DoubtGrace)
            {
                Attempt = attempt is null ? null : step.AttemptId,
            };
            instance.Apply(outcome, timetable, rules, now);
        }

        var suppression = outcome is StepOutcome.Rejected { StopReason: { } reason }
            ? Suppression.Create(
                instance.OwnerId,
                channel,
                channel == Channel.Sms ? instance.Recipient.Phone!.Value.Value : instance.Recipient.Email.Key,
                reason,
                SuppressionSource.Provider,
                now
            )
            : null;
        var events = instance.TakeEvents().Cast<FollowUpEvent>().ToList();
        var message = (outcome as StepOutcome.Sent)?.Message;
        return outbox.Complete(new StepCompletion(step, instance, events, now, attempt, message, suppression), cancellationToken);
    }

    private Result<WriteBack> Lost(ClaimedStep step)
    {
        metrics.LeaseLost();
        LogLost(logger, step.Instance.Id.Value, step.Fence.Attempt);
        return Dispatch.WriteBack.LeaseLost;
    }

    private static Channel ChannelOf(StepType type) => type == StepType.Sms ? Channel.Sms : Channel.Email;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Step of instance {InstanceId} (version {Version}): {Outcome}")]
    private static partial void LogDone(ILogger logger, Guid instanceId, int version, string outcome);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Lost the lease of instance {InstanceId} (claim {Attempt}); nothing was written and nothing more will be sent"
    )]
    private static partial void LogLost(ILogger logger, Guid instanceId, int attempt);
}
