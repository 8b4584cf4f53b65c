namespace FollowUp.Application.Instances;

/// <summary>
/// Applies an action to many instances, with the same methods of the aggregate as for a single one. An instance that another transaction
/// has locked is visited again later, so that a batch does not block others while it waits.
/// </summary>
internal sealed class InstanceActionRunner(
    IInstanceBatches batches,
    ISuppressions suppressions,
    Timetables timetables,
    BacklogOptions backlog,
    IDatabaseClock clock
) : IOperationRunner
{
    public OperationKind Kind => OperationKind.InstanceAction;
    public int BatchRows => 200;
    public bool PassesOver => true;

    public Task<int> Count(Operation operation, int most, CancellationToken cancellationToken) =>
        batches.Count(
            operation.OwnerId,
            StoredInstanceAction.Read(operation.Parameters).Filter,
            operation.CreatedAt,
            most,
            cancellationToken
        );

    public async Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken)
    {
        var (action, filter) = StoredInstanceAction.Read(operation.Parameters);
        // Deferred instances fill at most half a batch, so that the walk continues while a few stay locked.
        var again = operation.Deferred.Take(operation.Walked ? most : (most + 1) / 2).ToList();
        var after = operation.Cursor is { } cursor ? Guid.Parse(cursor) : Guid.Empty;
        var walk = operation.Walked
            ? new InstanceWalk([], null)
            : await batches.Walk(operation.OwnerId, filter, operation.CreatedAt, after, most - again.Count, cancellationToken);
        List<Guid> looked = [.. again, .. walk.Ids.Except(again)];
        var (locked, held) = await batches.Lock(operation.OwnerId, looked, cancellationToken);
        var outcome = passOver is null
            ? await Apply(operation, action, locked, cancellationToken)
            : new OperationBatch { Errors = locked.Count, LastError = passOver };
        var gone = looked.Count - locked.Count - held.Count;
        return outcome with
        {
            Refused = gone == 0 ? outcome.Refused : new Dictionary<string, int>(outcome.Refused) { [Error.NotFoundCode] = gone },
            Cursor = walk.After?.ToString() ?? operation.Cursor,
            Walked = walk.After is null,
            Deferred = [.. operation.Deferred.Except(looked), .. held],
            ShouldWait = held.Count == looked.Count && looked.Count > 0,
        };
    }

    private async Task<OperationBatch> Apply(
        Operation operation,
        InstanceAction action,
        IReadOnlyList<Instance> instances,
        CancellationToken cancellationToken
    )
    {
        var now = await clock.Now(cancellationToken);
        var rivals = action.MakesActiveAgain
            ? await batches.WithRivals([.. instances.Select(instance => instance.Id.Value)], cancellationToken)
            : new HashSet<Guid>();
        // Of a recipient's two FAILED instances only one becomes ACTIVE again.
        HashSet<(SequenceId, string)> madeActive = [];
        Dictionary<(SequenceId, string?), SendingPlan?> schedules = [];
        Dictionary<string, int> refused = [];
        var done = 0;
        foreach (var instance in instances)
        {
            var isRival = rivals.Contains(instance.Id.Value) || madeActive.Contains(KeyOf(instance));
            var refusal =
                isRival && instance.Status == InstanceStatus.Failed
                    ? InstanceErrors.AlreadyEnrolledCode
                    : await Apply(
                        operation,
                        action,
                        instance,
                        action.PlacesSteps ? await timetables.Of(instance, schedules, cancellationToken) : default,
                        now,
                        cancellationToken
                    );
            if (refusal is not null)
            {
                refused[refusal] = refused.GetValueOrDefault(refusal) + 1;
                continue;
            }

            done++;
            if (action.MakesActiveAgain && instance.Status == InstanceStatus.Active)
            {
                madeActive.Add(KeyOf(instance));
            }
        }

        return new OperationBatch { Done = done, Refused = refused };
    }

    private async Task<string?> Apply(
        Operation operation,
        InstanceAction action,
        Instance instance,
        Timetable timetable,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var result = action.Apply(instance.ActBy(operation.Actor), timetable, now);
        if (!result.IsSuccess)
        {
            return Error.Of(result)!.ErrorCode;
        }

        instance.Spread(() => operation.TakeSlots(1, backlog.PerSecond, now), timetable, now);
        await suppressions.AddAfter(action, instance, now, cancellationToken);
        return null;
    }

    private static (SequenceId, string) KeyOf(Instance instance) => (instance.SequenceId, instance.Recipient.Email.Key);
}
