using Ardalis.Result;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <summary>Moves the running instances of a sequence's older versions to its current one, in batches. Aggregate root.</summary>
public sealed class SequenceMigration : AggregateRoot
{
    private static readonly TimeSpan WaitForLocks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private SequenceMigration() { }

    /// <summary>Its id.</summary>
    public MigrationId Id { get; private set; }

    /// <summary>Whose it is.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private set; }

    /// <summary>The version that instances move to.</summary>
    public int Version { get; private set; }

    /// <summary>Where they go.</summary>
    public MigrationPolicy Policy { get; private set; }

    /// <summary>From ids of old steps to ids of new ones, or to null where nothing is left.</summary>
    public IReadOnlyDictionary<string, string?> Map { get; private set; } = new Dictionary<string, string?>();

    /// <summary>Where it stands.</summary>
    public MigrationState State { get; private set; }

    /// <summary>How many instances ran on older versions when it began; null until they are counted, and when counting took too long.</summary>
    public int? Total { get; private set; }

    /// <summary>How many were moved; those that ended are among them.</summary>
    public int Moved { get; private set; }

    /// <summary>How many of the moved ones had nothing left to do and are COMPLETED.</summary>
    public int Ended { get; private set; }

    /// <summary>How many stay because a step of theirs is in doubt.</summary>
    public int InDoubt { get; private set; }

    /// <summary>
    /// How many stay because the policy says so, or because it asks for the same shape. With <see cref="MigrationPolicy.Stay"/> no instance is
    /// looked at: then it is <see cref="Total"/>, and 0 when that is unknown.
    /// </summary>
    public int Stayed { get; private set; }

    /// <summary>How many stay because moving them failed.</summary>
    public int Failed { get; private set; }

    /// <summary>What went wrong last; null when nothing did.</summary>
    public string? LastError { get; private set; }

    /// <summary>The last instance that was looked at in the order of ids; null before the first.</summary>
    public InstanceId? Cursor { get; private set; }

    /// <summary>Whether the walk in the order of ids has come to its end.</summary>
    public bool Walked { get; private set; }

    /// <summary>The instances that have to be looked at again.</summary>
    public IReadOnlyList<Guid> Deferred { get; private set; } = [];

    /// <summary>The next free instant for a step that the move itself made overdue: they are spread, not fired at once.</summary>
    public DateTimeOffset? NextSlot { get; private set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last did something. Of an owner's migrations the one that was served longest ago comes next.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>No batch begins before this instant.</summary>
    public DateTimeOffset RunAfter { get; private set; }

    /// <summary>How many batches failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>When it was through.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    private int Looked => Moved + InDoubt + Stayed + Failed;

    /// <summary>Begins a migration. Whether another one is running is checked by the caller and the database.</summary>
    /// <param name="sequence">The sequence; instances move to its current version.</param>
    /// <param name="policy">Where they go. With <see cref="MigrationPolicy.Stay"/> it is through at once.</param>
    /// <param name="map">For <see cref="MigrationPolicy.Map"/>, checked by <see cref="StepMap"/>.</param>
    /// <param name="total">How many instances run on older versions; null when there are too many to count in a request.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The migration.</returns>
    public static SequenceMigration Begin(
        Sequence sequence,
        MigrationPolicy policy,
        IReadOnlyDictionary<string, string?> map,
        int? total,
        DateTimeOffset now
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

    /// <summary>Halts it between two batches. What was moved stays moved.</summary>
    /// <param name="now">The present instant.</param>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Stop(DateTimeOffset now) => Turn(MigrationState.Running, MigrationState.Stopped, now);

    /// <summary>Goes on where it was stopped.</summary>
    /// <param name="now">The present instant.</param>
    /// <returns>Success, or <c>invalidTransition</c>.</returns>
    public Result Continue(DateTimeOffset now)
    {
        (RunAfter, Failures) = (now, 0);
        return Turn(MigrationState.Stopped, MigrationState.Running, now);
    }

    /// <summary>Notes how many instances run on older versions.</summary>
    /// <param name="total">How many.</param>
    public void Counted(int total) => Total = total;

    /// <summary>Notes what a batch did, and completes the migration when nothing is left to look at.</summary>
    /// <param name="looked">What was done with each instance of the batch, in the order of the walk.</param>
    /// <param name="cursor">The last instance of the walk in the batch; null when the batch was of deferred ones only.</param>
    /// <param name="walked">Whether the walk has come to its end.</param>
    /// <param name="error">What went wrong, when something did.</param>
    /// <param name="now">The present instant.</param>
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
        // Nothing is left but what is being sent or locked at this moment.
        RunAfter = Walked && looked.All(one => one.Step == MigrationStep.Deferred) ? now + WaitForLocks : now;
        Touch(now);
        if (Walked && Deferred.Count == 0)
        {
            (State, CompletedAt, Total) = (MigrationState.Completed, now, Math.Max(Total ?? 0, Looked));
        }

        int Count(MigrationStep step) => looked.Count(one => one.Step == step);
    }

    /// <summary>Notes that a batch failed as a whole. The next one waits longer each time; a migration is never given up.</summary>
    /// <param name="error">Why.</param>
    /// <param name="now">The present instant.</param>
    public void Fail(string error, DateTimeOffset now)
    {
        (Failures, LastError) = (Failures + 1, error);
        var backoff = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Failures, 10)));
        RunAfter = now + (backoff < LongestBackoff ? backoff : LongestBackoff);
        Touch(now);
    }

    /// <summary>Takes the next free instant for a step that is overdue by the move.</summary>
    /// <param name="perSecond">How many steps a second.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>The instant, now or later.</returns>
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
