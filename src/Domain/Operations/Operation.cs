using Ardalis.Result;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Operations;

/// <summary>
/// A mass change that runs in the background, in batches with a commit each. It holds what the next batch needs to know, so that any node
/// continues where the last commit ended. Aggregate root.
/// </summary>
public sealed class Operation : AggregateRoot
{
    /// <summary>How many batches in a row may fail before the operation is given up. One that cannot be cancelled is never given up.</summary>
    public const int MostFailures = 20;

    private static readonly TimeSpan WaitForLocks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private Operation() { }

    /// <summary>Its id.</summary>
    public OperationId Id { get; private set; }

    /// <summary>The user it belongs to.</summary>
    public OwnerId OwnerId { get; private set; }

    /// <summary>What it does.</summary>
    public OperationKind Kind { get; private set; }

    /// <summary>Its state.</summary>
    public OperationState State { get; private set; }

    /// <summary>What it is about: the id of a sequence or a calendar; null when it is about the user's rows as a whole.</summary>
    public Guid? TargetId { get; private set; }

    /// <summary>Further parameters of its kind, as JSON.</summary>
    public string Parameters { get; private set; } = "{}";

    /// <summary>How many rows it has to look at, as far as they were counted; null until then, and when counting took too long.</summary>
    public int? Total { get; private set; }

    /// <summary>How many rows were changed.</summary>
    public int Done { get; private set; }

    /// <summary>How many rows a rule refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The refused rows, by the refusal's code.</summary>
    public IReadOnlyDictionary<string, int> RefusedBy { get; private set; } = new Dictionary<string, int>();

    /// <summary>How many rows were passed over because changing them failed.</summary>
    public int Errors { get; private set; }

    /// <summary>The last failure; null when there was none.</summary>
    public string? LastError { get; private set; }

    /// <summary>Where the next batch begins, in the words of the kind; null for the beginning.</summary>
    public string? Cursor { get; private set; }

    /// <summary>Whether the walk has reached its end.</summary>
    public bool Walked { get; private set; }

    /// <summary>The rows to look at again.</summary>
    public IReadOnlyList<Guid> Deferred { get; private set; } = [];

    /// <summary>The next free instant for a step that the change makes due: such steps are spread, not sent all at once.</summary>
    public DateTimeOffset? NextSlot { get; private set; }

    /// <summary>Who asked for it.</summary>
    public Actor Actor { get; private set; } = Actor.Engine;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its last batch ended; its creation before the first one. The operation that was served longest ago comes next.</summary>
    public DateTimeOffset ServedAt { get; private set; }

    /// <summary>No batch begins before this instant.</summary>
    public DateTimeOffset RunAfter { get; private set; }

    /// <summary>How many batches failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Whether batches may follow.</summary>
    public bool IsActive => State is OperationState.Queued or OperationState.Running;

    /// <summary>Whether nothing else takes care of its rows, so that it is neither cancelled nor given up.</summary>
    private bool MustEnd => Kind is OperationKind.DeleteSequence or OperationKind.ReleaseParked or OperationKind.EraseContact;

    /// <summary>Records a mass change.</summary>
    /// <param name="owner">The user it belongs to.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="target">The id of what it is about, or null.</param>
    /// <param name="parameters">Further parameters as JSON.</param>
    /// <param name="actor">Who asks for it.</param>
    /// <returns>The operation, queued.</returns>
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

    /// <summary>Names the rows one by one instead of walking over a table.</summary>
    /// <param name="rows">Their ids.</param>
    public void LookAt(IReadOnlyList<Guid> rows) => (Deferred, Walked, Total) = ([.. rows.Distinct()], true, rows.Distinct().Count());

    /// <summary>Notes how many rows there are to look at.</summary>
    /// <param name="total">How many.</param>
    public void Counted(int total) => Total = total;

    /// <summary>Notes what a batch did, and completes the operation when nothing is left.</summary>
    /// <param name="batch">What it did.</param>
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

    /// <summary>Notes that a batch failed as a whole. The next one waits longer each time.</summary>
    /// <param name="error">Why.</param>
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

    /// <summary>Ends it between two batches. What was done stays done.</summary>
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

    /// <summary>Continues the spread of an earlier operation that was about the same, so that both together keep one pace.</summary>
    /// <param name="nextSlot">Its next free instant; null when there is none.</param>
    public void SpreadFrom(DateTimeOffset? nextSlot) => NextSlot ??= nextSlot;

    /// <summary>Takes the next free instants for steps that the change makes due.</summary>
    /// <param name="count">How many.</param>
    /// <param name="perSecond">How many steps a second.</param>
    /// <returns>The first of them, now or later.</returns>
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
