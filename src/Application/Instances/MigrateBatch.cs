namespace FollowUp.Application.Instances;

/// <summary>Moves the next instances of a migration, in one transaction. An internal command of the engine.</summary>
/// <param name="PassOver">Why the instances of this batch cannot be moved: they are counted as failed and not locked. Null moves them.</param>
internal sealed record MigrateBatch(MigrationId Id, int Most, string? PassOver = null) : ICommand<MigrationBatchResult>;

internal sealed class MigrateBatchHandler(IMigrationBatches batches, Timetables timetables, BacklogOptions backlog, IDatabaseClock clock)
    : ICommandHandler<MigrateBatch, MigrationBatchResult>
{
    /// <summary>
    /// The maximum number of the sequence's instances that are counted. A larger migration shows this total until it has visited more.
    /// </summary>
    private const int MostCounted = 1_000_000;

    public async Task<Result<MigrationBatchResult>> Handle(MigrateBatch command, CancellationToken cancellationToken)
    {
        if (await batches.Lock(command.Id, command.Most, command.PassOver is null, cancellationToken) is not { } batch)
        {
            return MigrationBatchResult.Busy;
        }

        // The total is for display only. Counting may exceed the statement timeout; after a failure the migration continues without a
        // total.
        if (batch.Migration is { Total: null, Cursor: null, Walked: false, Failures: 0 })
        {
            batch.Migration.Counted(await batches.CountOlder(batch.Migration, MostCounted, cancellationToken));
        }

        var now = await clock.Now(cancellationToken);
        var locked = batch.Locked.ToDictionary(instance => instance.Id);
        Dictionary<int, VersionPlan> plans = [];
        Dictionary<(SequenceId, string?), SendingPlan?> schedules = [];
        List<(InstanceId Id, MigrationStep Step)> looked = [];
        foreach (var id in batch.Looked)
        {
            looked.Add(
                (
                    id,
                    command.PassOver is not null ? MigrationStep.Failed
                    : !locked.TryGetValue(id, out var instance) ? MigrationStep.Deferred
                    : await Move(instance, batch, plans, schedules, now, cancellationToken)
                )
            );
        }

        // A failing instance is skipped in a separate batch.
        var error = command.PassOver is { } reason && batch.Looked is [var only] ? $"Instance {only.Value}: {reason}" : command.PassOver;
        batch.Migration.Note(looked, batch.Cursor, batch.Walked, error, now);
        return batch.Migration.State == MigrationState.Completed ? MigrationBatchResult.Done
            : batch.Walked && looked.TrueForAll(one => one.Step == MigrationStep.Deferred) ? MigrationBatchResult.Waiting
            : MigrationBatchResult.More;
    }

    private async ValueTask<MigrationStep> Move(
        Instance instance,
        MigrationBatch batch,
        Dictionary<int, VersionPlan> plans,
        Dictionary<(SequenceId, string?), SendingPlan?> schedules,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var migration = batch.Migration;
        if (instance.Status is InstanceStatus.Completed or InstanceStatus.Stopped || instance.Version >= migration.Version)
        {
            return MigrationStep.Gone;
        }

        switch (instance.Job?.State)
        {
            // An instance moves before or after its step, not during it: the worker writes the outcome to the version that it read.
            case JobState.Leased:
                return MigrationStep.Deferred;
            case JobState.InDoubt:
                return MigrationStep.InDoubt;
        }

        if (!plans.TryGetValue(instance.Version, out var plan))
        {
            plans[instance.Version] = plan = new(migration.Policy, batch.Older[instance.Version], batch.Target.Steps, migration.Map);
        }

        var had = batch.Had[instance.Id].Select(step => batch.Older[step.Version][step.Step].Id).ToHashSet();
        if (plan.Move(instance.CurrentStep, had).To is not { } to)
        {
            return MigrationStep.Stays;
        }

        var schedule = await timetables.Schedule(instance.SequenceId, instance.Recipient.TimeZone, schedules, cancellationToken);
        var timetable = new Timetable(batch.Older[instance.Version], schedule);
        instance.ActBy(migration.Actor).MoveTo(batch.Target, to, timetable, () => migration.TakeSlot(backlog.PerSecond, now), now);
        return instance.Status == InstanceStatus.Completed ? MigrationStep.Ended : MigrationStep.Moved;
    }
}

internal enum MigrationBatchResult
{
    /// <summary>More instances can be visited now.</summary>
    More,

    /// <summary>The remaining instances are being sent or locked: retry a little later.</summary>
    Waiting,

    /// <summary>The migration is completed.</summary>
    Done,

    /// <summary>The migration is no longer running, or another transaction has locked it: a batch of another node, or a request.</summary>
    Busy,
}
