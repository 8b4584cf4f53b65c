namespace FollowUp.Domain.Operations;

/// <summary>
/// A mass change that runs in the background, in batches with a commit each. It holds the state of the walk, so that any node continues
/// after the last commit. Aggregate root.
/// </summary>
public sealed class Operation : AggregateRoot
{
    /// <summary>
    /// The number of consecutive failed batches after which the operation fails. An operation that cannot be cancelled is retried
    /// indefinitely.
    /// </summary>
    public const int MostFailures = 20;

    private static readonly TimeSpan WaitForLocks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private Operation() { }

    /// <summary>The id.</summary>
    public OperationId Id { get; private set; }

    /// <summary>The owner.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>The kind of change.</summary>
    public OperationKind Kind { get; private set; }

    /// <summary>The state.</summary>
    public OperationState State { get; private set; }

    /// <summary>The id of the sequence or calendar concerned; null when the operation concerns all of the user's rows.</summary>
    public Guid? TargetId { get; private set; }

    /// <summary>Further parameters of its kind, as JSON.</summary>
    public string Parameters { get; private set; } = "{}";

    /// <summary>The number of rows to visit; null before they are counted, and when counting took too long.</summary>
    public int? Total { get; private set; }

    /// <summary>The number of changed rows.</summary>
    public int Done { get; private set; }

    /// <summary>The number of rows that a rule refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The refused rows by error code.</summary>
    public IReadOnlyDictionary<string, int> RefusedBy { get; private set; } = new Dictionary<string, int>();

    /// <summary>The number of rows skipped because changing them failed.</summary>
    public int Errors { get; private set; }

    /// <summary>The last failure; null when there was none.</summary>
    public string? LastError { get; private set; }

    /// <summary>Where the next batch starts, in a format of the kind; null for the start.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Whether the walk is complete.</summary>
    public bool Walked { get; private set; }

    /// <summary>The rows to visit again.</summary>
    public IReadOnlyList<Guid> Deferred { get; private set; } = [];

    /// <summary>The next free due time for a step that the change makes due: such steps are spread, not released at once.</summary>
    public DateTimeOffset? NextSlot { get; private set; }

    /// <summary>The originator.</summary>
    public Actor Actor { get; private set; } = Actor.Engine;

    /// <summary>When it was requested.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its last batch ended, or when it was created. The least recently served operation runs next.</summary>
    public DateTimeOffset ServedAt { get; private set; }

    /// <summary>The next batch starts no earlier.</summary>
    public DateTimeOffset RunAfter { get; private set; }

    /// <summary>The number of consecutive failed batches.</summary>
    public int Failures { get; private set; }

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Whether more batches may follow.</summary>
    public bool IsActive => State is OperationState.Queued or OperationState.Running;

    /// <summary>Whether nothing else handles its rows, so that it is neither cancelled nor failed.</summary>
    private bool MustEnd => Kind is OperationKind.DeleteSequence or OperationKind.ReleaseParked or OperationKind.EraseContact;

    /// <summary>Records a mass change.</summary>
    /// <param name="target">The id of the row concerned, or null.</param>
    public static Operation Begin(OwnerId owner, OperationKind kind, Guid? target, string parameters, Actor actor, DateTimeOffset now) =>
        new()
        {
            Id = new OperationId(Guid.CreateVersion7(now)),
            OwnerId = owner,
            Kind = kind,
            TargetId = target,
            Parameters = parameters,
            Actor = actor,
            Revision = 1,
            CreatedAt = now,
            ServedAt = now,
            RunAfter = now,
        };

    /// <summary>Lists the rows explicitly instead of walking over a table.</summary>
    public void LookAt(IReadOnlyList<Guid> rows) => (Deferred, Walked, Total) = ([.. rows.Distinct()], true, rows.Distinct().Count());

    /// <summary>Records the number of rows to visit.</summary>
    public void Counted(int total) => Total = total;

    /// <summary>Records a batch, and completes the operation when no rows remain.</summary>
    public void Note(OperationBatch batch, DateTimeOffset now)
    {
        Done += batch.Done;
        Refused += batch.Refused.Values.Sum();
        RefusedBy = RefusedBy
            .Concat(batch.Refused)
            .GroupBy(refused => refused.Key, refused => refused.Value)
            .ToDictionary(group => group.Key, group => group.Sum());
        (Errors, LastError) = (Errors + batch.Errors, batch.LastError ?? LastError);
        (Cursor, Walked, Deferred, Failures) = (batch.Cursor, batch.Walked, batch.Deferred, 0);
        State = OperationState.Running;
        Total = Total is { } total ? Math.Max(total, Done + Refused + Errors) : null;
        Served(batch.ShouldWait ? WaitForLocks : TimeSpan.Zero, now);
        if (batch.IsObsolete)
        {
            End(OperationState.Cancelled, now);
        }
        else if (Walked && Deferred.Count == 0)
        {
            Total = Math.Max(Total ?? 0, Done + Refused + Errors);
            End(OperationState.Completed, now);
        }
    }

    /// <summary>Records that a batch failed as a whole. The delay grows with each failure.</summary>
    public void Fail(string error, DateTimeOffset now)
    {
        (Failures, LastError) = (Failures + 1, error);
        var backoff = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Failures, 10)));
        Served(backoff < LongestBackoff ? backoff : LongestBackoff, now);
        if (Failures >= MostFailures && !MustEnd)
        {
            End(OperationState.Failed, now);
        }
    }

    /// <summary>Cancels it between two batches. Changed rows stay changed.</summary>
    /// <returns>Success, <c>invalidTransition</c> when it has ended, or <c>notCancellable</c>.</returns>
    public Result Cancel(DateTimeOffset now)
    {
        if (!IsActive)
        {
            return OperationErrors.HasEnded(State);
        }

        if (MustEnd)
        {
            return OperationErrors.NotCancellable(Kind);
        }

        End(OperationState.Cancelled, now);
        return Result.Success();
    }

    /// <summary>Continues the spread of an earlier operation on the same rows, so that both together keep one pace.</summary>
    /// <param name="nextSlot">The next free due time of that operation; null when there is none.</param>
    public void SpreadFrom(DateTimeOffset? nextSlot) => NextSlot ??= nextSlot;

    /// <summary>Takes the next free due times for steps that the change makes due.</summary>
    /// <param name="count">The number of steps.</param>
    /// <param name="perSecond">The pace, in steps per second.</param>
    /// <returns>The first due time, now or later.</returns>
    public DateTimeOffset TakeSlots(int count, int perSecond, DateTimeOffset now)
    {
        var slot = NextSlot > now ? NextSlot.Value : now;
        NextSlot = slot + (TimeSpan.FromSeconds(1) / perSecond * count);
        return slot;
    }

    private void End(OperationState state, DateTimeOffset now)
    {
        (State, FinishedAt, Deferred) = (state, now, []);
        Revision++;
    }

    private void Served(TimeSpan pause, DateTimeOffset now)
    {
        (ServedAt, RunAfter) = (now, now + pause);
        Revision++;
    }
}
