using System.Diagnostics;
using FollowUp.Application.Delivery;
using FollowUp.Application.Instances;
using FollowUp.Application.Quotas;
using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using Microsoft.Extensions.Logging;

namespace FollowUp.Application.Dispatch;

/// <summary>
/// Executes one claimed step: decides, renders, sends, applies the outcome and writes it back. No transaction is open while a provider is
/// called.
/// </summary>
/// <param name="Step">The claim.</param>
public sealed record ExecuteStep(ClaimedStep Step) : IUnboundCommand<WriteBack>;

internal sealed partial class ExecuteStepHandler(
    IStepOutbox outbox,
    ISequenceVersions versions,
    ISendingPlans plans,
    ISendQuota slots,
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
        var steps = await versions.Steps(step.Instance.SequenceVersionId, cancellationToken);
        await Plan(step, cancellationToken);
        Activity
            .Current?.SetTag("followup.instance_id", step.Instance.Id.Value)
            .SetTag("followup.step_index", step.Instance.CurrentStep.Value);

        var handed = await CarryOut(step, steps, cancellationToken);
        if (step.IsProbe && !step.Handover.IsBegun)
        {
            await breakers.SentNothing(ChannelOf(type), step.Instance.Id, cancellationToken);
        }

        if (handed is null)
        {
            await outbox.Unsent(step, cancellationToken);
            return Lost(step);
        }

        while (true)
        {
            var written = await WriteBack(step, steps, handed, cancellationToken);
            switch (written)
            {
                case Dispatch.WriteBack.Done:
                    metrics.Done(type, handed.Name);
                    LogDone(logger, step.Instance.Id.Value, step.Instance.Version, handed.Name);
                    return written;
                case Dispatch.WriteBack.LeaseLost:
                    return Lost(step);
                default:
                    if (handed.Outcome is null)
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
                    await Plan(step, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Executes the step; null when the lease is no longer safe, so that nothing may be sent or written.</summary>
    private async Task<StepResult?> CarryOut(ClaimedStep step, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var decided = Decide(step, steps);
        return decided.Decision == StepDecision.Send ? await Send(step, steps, cancellationToken) : decided;
    }

    /// <summary>The schedule is read after the claim, so a change committed before the claim applies to this step.</summary>
    private async ValueTask Plan(ClaimedStep step, CancellationToken cancellationToken)
    {
        if (step.IsScheduled)
        {
            step.Instance.UseSchedule(await plans.ForStep(step.Instance.SequenceId, step.Instance.Recipient.TimeZone, cancellationToken));
        }
    }

    private StepResult Decide(ClaimedStep step, IReadOnlyList<Step> steps)
    {
        var job = step.Instance.Job!;
        var configured = job.StepType == StepType.Wait || senders.For(ChannelOf(job.StepType)) is not null;
        var conditions = new StepConditions(
            step.SequenceEnabled,
            step.Suppressed,
            configured,
            options.MaxLateness,
            steps[step.Instance.CurrentStep.Value].At
        )
        {
            OwnerBlocked = step.OwnerBlocked,
        };
        return step.Instance.Begin(conditions, step.Now(time)) switch
        {
            StepDecision.Send => new(StepDecision.Send, null, "send"),
            StepDecision.Skip => new(StepDecision.Skip, new StepOutcome.Skipped(SkipReasons.NoSmsProvider), "skipped"),
            StepDecision.GoOn => new(StepDecision.GoOn, new StepOutcome.WaitOver(), "completed"),
            _ => new(
                StepDecision.NoSend,
                null,
                step.Instance.Job switch
                {
                    null => "stopped",
                    { State: JobState.Ready } => "putOff",
                    _ => "parked",
                }
            ),
        };
    }

    private async Task<StepResult?> Send(ClaimedStep step, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var channel = ChannelOf(step.Instance.Job!.StepType);
        if (channel == Channel.Sms && SkipReasons.ForSms(hasProvider: true, step.Instance.Recipient) is { } reason)
        {
            return new(StepDecision.Skip, new StepOutcome.Skipped(reason), "skipped");
        }

        if (channel == Channel.Sms && slots.ForbidsCountry(step.Instance.Recipient))
        {
            return StepResult.Of(new Unsendable(DispatchErrors.SmsCountryForbidden, DispatchErrors.SmsCountryForbiddenCode));
        }

        // A sandbox's clock does not run by itself: rendering counts against the request that moves it.
        if (!step.ClockStands && shares.Book(step.Instance.OwnerId) is { } wait)
        {
            step.Instance.PutOff(new Move(MoveReason.Rendering, step.Now(time) + wait), steps, step.Now(time));
            return new(StepDecision.NoSend, null, "putOff");
        }

        var (composed, unsendable) = await messages.Compose(step, steps, step.Now(time), cancellationToken);
        if (composed is null)
        {
            return StepResult.Of(unsendable!);
        }

        // A worker that was suspended and resumed must not send what another node may have taken over.
        if (!step.Lease.IsSafe)
        {
            return null;
        }

        var slot = step.IsLimited && channel == Channel.Email ? await slots.Take(step, step.Now(time), cancellationToken) : default;
        if (slot.Refused is { } refused)
        {
            step.Instance.PutOff(refused, steps, step.Now(time));
            return new(StepDecision.NoSend, null, "putOff");
        }

        if (await slots.TakeFromCeiling(step, channel, step.Now(time), cancellationToken) is { } ceiling)
        {
            if (slot.Slot is { } untaken)
            {
                await slots.GiveBack(untaken, CancellationToken.None);
            }

            step.Instance.PutOff(ceiling, steps, step.Now(time));
            return new(StepDecision.NoSend, null, "putOff");
        }

        var sender = senders.For(channel)!;
        return await HandOver(step, channel, sender, composed.Outgoing, slot.Slot, cancellationToken) is { } result
            ? StepResult.Of(result, sender.Provider, composed, await Tell(channel, step, result, cancellationToken))
            : null;
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
                step.Handover.Begin();
                result = await sender.Send(message, cancellationToken);
            }

            return result;
        }
        catch
        {
            step.Handover.Withdraw();
            throw;
        }
        finally
        {
            if (result is null or SendResult.Retryable or SendResult.Rejected)
            {
                if (slot is not null)
                {
                    await slots.GiveBack(slot, CancellationToken.None);
                }

                await slots.GiveBackToCeiling(step, channel, CancellationToken.None);
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

        await breakers.Answered(channel, step, cancellationToken);
        return false;
    }

    private Task<WriteBack> WriteBack(ClaimedStep step, IReadOnlyList<Step> steps, StepResult handed, CancellationToken cancellationToken)
    {
        var now = step.Now(time);
        var instance = step.Instance;
        var channel = instance.Job?.StepType == StepType.Sms ? Channel.Sms : Channel.Email;
        if (handed.Outcome is { } outcome)
        {
            instance.Apply(
                outcome,
                steps,
                new OutcomeRules(options.Retry, Random.Shared.NextDouble(), options.DoubtGrace)
                {
                    Attempt = handed.Attempt is null ? null : step.AttemptId,
                },
                now
            );
        }

        var suppression = handed.Suppress is { } reason
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
        return outbox.Complete(
            new StepCompletion(step, instance, events, now, Kept(handed.Attempt, instance.Recipient), handed.Message, suppression),
            cancellationToken
        );
    }

    private static AttemptResult? Kept(AttemptResult? attempt, Recipient recipient) =>
        attempt is { Error: { } error } ? attempt with { Error = ErrorText.Of(error, recipient) } : attempt;

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
