namespace FollowUp.Application.Instances;

/// <summary>Reads the timetable of an instance in the current transaction.</summary>
internal sealed class Timetables(ISequenceVersions versions, ISendingPlans plans)
{
    public ValueTask<Timetable> Of(Instance instance, CancellationToken cancellationToken) => Of(instance, [], cancellationToken);

    /// <param name="known">The schedules that this transaction has read: a batch of instances shares a few.</param>
    public ValueTask<Timetable> Of(
        Instance instance,
        Dictionary<(SequenceId, string?), SendingPlan?> known,
        CancellationToken cancellationToken
    ) => Of(instance.SequenceId, instance.SequenceVersionId, instance.Recipient.TimeZone, known, cancellationToken);

    public async ValueTask<Timetable> Of(
        SequenceId sequence,
        SequenceVersionId version,
        string? zone,
        Dictionary<(SequenceId, string?), SendingPlan?> known,
        CancellationToken cancellationToken
    ) => new(await versions.Steps(version, cancellationToken), await Schedule(sequence, zone, known, cancellationToken));

    /// <summary>Only the schedule, for a caller that has the steps.</summary>
    public async ValueTask<SendingPlan?> Schedule(
        SequenceId sequence,
        string? zone,
        Dictionary<(SequenceId, string?), SendingPlan?> known,
        CancellationToken cancellationToken
    )
    {
        if (!known.TryGetValue((sequence, zone), out var plan))
        {
            known[(sequence, zone)] = plan = await plans.For(sequence, zone, cancellationToken);
        }

        return plan;
    }
}
