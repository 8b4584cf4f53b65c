namespace FollowUp.Domain.Instances;

/// <summary>Moves the running instances of a sequence's older versions to its current version, in batches. Aggregate root.</summary>
public sealed class SequenceMigration : AggregateRoot
{
    private static readonly TimeSpan WaitForLocks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private SequenceMigration() { }

    /// <summary>The id.</summary>
    public MigrationId Id { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>The version that instances move to.</summary>
    public int Version { get; private set; }

    /// <summary>Which step the instances continue with.</summary>
    public MigrationPolicy Policy { get; private set; }

    /// <summary>Maps ids of old steps to ids of new ones, or to null when no steps remain.</summary>
    public IReadOnlyDictionary<string, string?> Map { get; private set; } = new Dictionary<string, string?>();

    /// <summary>The originator.</summary>
    public Actor Actor { get; private set; } = Actor.Engine;

    /// <summary>The state.</summary>
    public MigrationState State { get; private set; }

    /// <summary>The number of instances on older versions at the start; null before they are counted, and when counting took too long.</summary>
    public int? Total { get; private set; }

    /// <summary>The number of moved instances, including those that ended.</summary>
    public int Moved { get; private set; }

    /// <summary>How many of the moved instances had no steps left and are COMPLETED.</summary>
    public int Ended { get; private set; }

    /// <summary>How many stay because a step is in doubt.</summary>
    public int InDoubt { get; private set; }

    /// <summary>
    /// How many stay because the policy keeps them, or because it requires the same shape. With <see cref="MigrationPolicy.Stay"/>
    /// instances are not visited: then it equals <see cref="Total"/>, or 0 when that is unknown.
    /// </summary>
    public int Stayed { get; private set; }

    /// <summary>How many stay because moving them failed.</summary>
    public int Failed { get; private set; }

    /// <summary>The last error; null when there was none.</summary>
    public string? LastError { get; private set; }

    /// <summary>The last visited instance, in id order; null before the first.</summary>
    public InstanceId? Cursor { get; private set; }

    /// <summary>Whether the walk in id order is complete.</summary>
    public bool Walked { get; private set; }

    /// <summary>The instances to visit again.</summary>
    public IReadOnlyList<Guid> Deferred { get; private set; } = [];

    /// <summary>The next free due time for steps that the migration made overdue: they are spread, not released at once.</summary>
    public DateTimeOffset? NextSlot { get; private set; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last made progress. An owner's least recently served migration runs next.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The next batch starts no earlier.</summary>
    public DateTimeOffset RunAfter { get; private set; }

    /// <summary>The number of failed batches in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>When it completed.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    private int Looked => Moved + InDoubt + Stayed + Failed;

    /// <summary>Starts a migration. The caller and the database check that no other one is running.</summary>
    /// <param name="sequence">The sequence; instances move to its current version.</param>
    /// <param name="policy">Which step the instances continue with. With <see cref="MigrationPolicy.Stay"/> the migration completes at once.</param>
    /// <param name="map">For <see cref="MigrationPolicy.Map"/>: the map, checked by <see cref="StepMap"/>.</param>
    /// <param name="total">The number of instances on older versions; null when there are too many to count in a request.</param>
    /// <param name="actor">The originator; null is the engine.</param>
    public static SequenceMigration Begin(
        Sequence sequence,
        MigrationPolicy policy,
        IReadOnlyDictionary<string, string?> map,
        int? total,
        DateTimeOffset now,
        Actor? actor = null
    )
    {
        var migration = new SequenceMigration
        {
            Id = new MigrationId(Guid.CreateVersion7(now)),
            OwnerId = sequence.OwnerId,
            SequenceId = sequence.Id,
            Version = sequence.CurrentVersion,
            Policy = policy,
            Map = map,
            Total = total,
            Actor = actor ?? Actor.Engine,
            CreatedAt = now,
            UpdatedAt = now,
            RunAfter = now,
        };
        if (policy == MigrationPolicy.Stay)
        {
            (migration.Stayed, migration.Walked) = (total ?? 0, true);
            (migration.State, migration.CompletedAt) = (MigrationState.Completed, now);
        }

        return migration;
    }

    /// <summary>Stops it between two batches. Moved instances stay moved.</summary>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Stop(DateTimeOffset now) => Turn(MigrationState.Running, MigrationState.Stopped, now);

    /// <summary>Continues a stopped migration.</summary>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Continue(DateTimeOffset now)
    {
        (RunAfter, Failures) = (now, 0);
        return Turn(MigrationState.Stopped, MigrationState.Running, now);
    }

    /// <summary>Records the number of instances on older versions.</summary>
    public void Counted(int total) => Total = total;

    /// <summary>Records a batch, and completes the migration when no instances remain.</summary>
    /// <param name="looked">The result for each instance of the batch, in the order of the walk.</param>
    /// <param name="cursor">The last walked instance of the batch; null when the batch had only deferred ones.</param>
    public void Note(
        IReadOnlyCollection<(InstanceId Id, MigrationStep Step)> looked,
        InstanceId? cursor,
        bool walked,
        string? error,
        DateTimeOffset now
    )
    {
        var again = looked.Where(one => one.Step == MigrationStep.Deferred).Select(one => one.Id.Value);
        Deferred = [.. Deferred.Except(looked.Select(one => one.Id.Value)), .. again];
        Ended += Count(MigrationStep.Ended);
        Moved += Count(MigrationStep.Moved) + Count(MigrationStep.Ended);
        InDoubt += Count(MigrationStep.InDoubt);
        Stayed += Count(MigrationStep.Stays);
        Failed += Count(MigrationStep.Failed);
        (Cursor, Walked, LastError, Failures) = (cursor ?? Cursor, Walked || walked, error ?? LastError, 0);
        Total = Total is { } total ? Math.Max(total, Looked) : null;
        // Only instances that are being sent or locked remain.
        RunAfter = Walked && looked.All(one => one.Step == MigrationStep.Deferred) ? now + WaitForLocks : now;
        Touch(now);
        if (Walked && Deferred.Count == 0)
        {
            (State, CompletedAt, Total) = (MigrationState.Completed, now, Math.Max(Total ?? 0, Looked));
        }

        int Count(MigrationStep step) => looked.Count(one => one.Step == step);
    }

    /// <summary>Records that a batch failed as a whole. The delay grows with each failure; a migration is never abandoned.</summary>
    public void Fail(string error, DateTimeOffset now)
    {
        (Failures, LastError) = (Failures + 1, error);
        var backoff = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Failures, 10)));
        RunAfter = now + (backoff < LongestBackoff ? backoff : LongestBackoff);
        Touch(now);
    }

    /// <summary>Takes the next free due time for a step that the migration made overdue.</summary>
    /// <param name="perSecond">The pace, in steps per second.</param>
    /// <returns>The due time, now or later.</returns>
    public DateTimeOffset TakeSlot(double perSecond, DateTimeOffset now)
    {
        var slot = NextSlot > now ? NextSlot.Value : now;
        NextSlot = slot + TimeSpan.FromSeconds(1 / perSecond);
        return slot;
    }

    private Result Turn(MigrationState from, MigrationState to, DateTimeOffset now)
    {
        if (State != from)
        {
            return MigrationErrors.InvalidTransition(State, to);
        }

        State = to;
        Touch(now);
        return Result.Success();
    }

    private void Touch(DateTimeOffset now)
    {
        Revision++;
        UpdatedAt = now;
    }
}
