using System.Text.Json.Nodes;

namespace FollowUp.Application.Preview;

/// <summary>
/// The executed steps of one of the caller's instances with their reasons, the next step with its due time, and what the instance waits
/// for.
/// </summary>
public sealed record ExplainInstance(InstanceId Id) : IQuery<InstanceExplanation>;

internal sealed class ExplainInstanceHandler(
    IReadDb db,
    IDatabaseClock clock,
    ISequenceVersions versions,
    ISendingPlans plans,
    IStepSenders senders,
    IBreakerStatus outages,
    ISuppressions suppressions,
    IUsers users,
    ILimits limits,
    ICeilings ceilings,
    DispatchOptions options
) : IQueryHandler<ExplainInstance, InstanceExplanation>
{
    /// <summary>A user can retry a failed step any number of times: the newest steps are shown, the timeline has all.</summary>
    private const int MostSteps = 200;

    public async Task<Result<InstanceExplanation>> Handle(ExplainInstance query, CancellationToken cancellationToken)
    {
        if (await db.Of<Instance>().Include(i => i.Job).FirstOrDefaultAsync(i => i.Id == query.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        if (await db.Of<Sequence>().SingleOrDefaultAsync(s => s.Id == instance.SequenceId, cancellationToken) is not { } sequence)
        {
            // Deleted after the instance was read.
            return InstanceErrors.NotFound;
        }

        var steps = await versions.Steps(instance.SequenceVersionId, cancellationToken);
        var schedule = await plans.For(sequence.Schedule, instance.Recipient.TimeZone, cancellationToken);
        var around = new ClaimContext(
            await users.IsBlocked(instance.OwnerId, cancellationToken),
            sequence.Enabled,
            await suppressions.ReasonFor(
                instance.OwnerId,
                steps.ElementAtOrDefault(instance.CurrentStep.Value)?.Type.ChannelOf(),
                instance.Recipient,
                cancellationToken
            ),
            senders,
            ceilings,
            options.MaxLateness,
            await Outage(instance, cancellationToken),
            await RemainingQuota.Of(instance.OwnerId, instance.Recipient.Email, limits, ceilings, now, cancellationToken)
        );

        var (past, openTries) = await Past(instance, cancellationToken);
        var ending = await db.Of<FollowUpEvent>()
            .Where(e => e.InstanceId == query.Id && (e.Type == EventType.Completed || e.Type == EventType.Stopped))
            .OrderByDescending(e => e.Number)
            .FirstOrDefaultAsync(cancellationToken);
        var zone = LocalTimes.ZoneOf(schedule, instance.Recipient.TimeZone);
        var foreseen = await NextStepPrediction.Of(instance, new(steps, schedule), around, now, cancellationToken);
        return new InstanceExplanation(
            instance.Id.Value,
            instance.SequenceId.Value,
            instance.Version,
            foreseen.Status.ToString().ToUpperInvariant(),
            now,
            zone.Id,
            past,
            foreseen.Next?.View(zone, openTries),
            foreseen.Wait,
            ending is null ? null : new EndView(ending.Type.Name, Text(ending, "reason"), ending.SentAt)
        );
    }

    private async Task<Outage> Outage(Instance instance, CancellationToken cancellationToken) =>
        instance.Job is { StepType: not StepType.Wait } job
            ? await outages.Of(job.StepType == StepType.Sms ? Channel.Sms : Channel.Email, cancellationToken)
            : Dispatch.Outage.None;

    /// <summary>The executed steps with their attempts, and the attempts of the step in progress.</summary>
    private async Task<(List<PastStepView> Past, List<TryView> Open)> Past(Instance instance, CancellationToken cancellationToken)
    {
        var events = await db.Of<FollowUpEvent>()
            .Where(e => e.InstanceId == instance.Id && e.Status != null)
            .OrderByDescending(e => e.Number)
            .Take(MostSteps)
            .ToListAsync(cancellationToken);
        events.Reverse();
        var tries = await db.Of<Attempt>()
            .Where(a => a.InstanceId == instance.Id)
            .OrderByDescending(a => a.StartedAt)
            .Take(MostSteps)
            .ToListAsync(cancellationToken);
        tries.Reverse();

        // An attempt belongs to the first step that ended after it began; no step of an instance begins before the previous one has ended.
        List<PastStepView> past = [];
        var done = 0;
        foreach (var step in events)
        {
            // A wait has none. In a sandbox, whose clock does not advance by itself, it may end at the very instant of the next step's
            // attempt.
            var own = step.Type == EventType.Wait ? [] : tries.Skip(done).TakeWhile(t => t.StartedAt <= step.SentAt).ToList();
            done += own.Count;
            past.Add(
                new PastStepView(
                    step.StepIndex!.Value,
                    step.Type.Name,
                    step.Version,
                    step.Status!.Value.Name,
                    step.SentAt,
                    Text(step, "reason") ?? Text(step, "resolvedBy"),
                    Text(step, "error"),
                    Text(step, "variant"),
                    Text(step, "provider"),
                    Text(step, "providerMessageId"),
                    [.. own.Select(TryView.From)]
                )
            );
        }

        return (past, [.. tries.Skip(done).Select(TryView.From)]);
    }

    private static string? Text(FollowUpEvent happened, string name) => JsonNode.Parse(happened.Content)![name]?.GetValue<string>();
}
