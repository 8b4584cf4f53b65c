using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Simulation;

/// <summary>An instance's rows: the instance with its job, its timeline, and the owner of its locks.</summary>
internal sealed class Row(int number, Sequence sequence, Instance instance)
{
    public int Number => number;

    public Sequence Sequence => sequence;

    /// <summary>The committed state. A change replaces it by a copy, except for columns of the job that single statements update.</summary>
    public Instance Instance { get; set; } = instance;

    public List<FollowUpEvent> Timeline { get; } = [];

    public Session? LockedBy { get; set; }

    /// <summary>Whether the session has locked the job too: a claim then skips it.</summary>
    public bool JobLocked { get; set; }

    /// <summary>The instance and its job that others see while a claim has leased the job and not yet committed; null otherwise.</summary>
    public Instance? Committed { get; set; }

    /// <summary>Whether a claim that is not committed yet has the job locked.</summary>
    public bool IsClaimed => Committed is not null;

    public List<Action> Waiting { get; } = [];
}

/// <summary>An attempt's row.</summary>
internal sealed record AttemptRow(AttemptId Id, Row Row, Guid JobId, int Number, int Order)
{
    public AttemptStatus Status { get; set; } = AttemptStatus.Sending;
}

/// <summary>What a claim's statement returns for one step.</summary>
internal sealed record ClaimedRow(
    Instance Instance,
    AttemptId? AttemptId,
    string SequenceName,
    bool Enabled,
    bool IsScheduled,
    bool IsLimited,
    StopReason? Suppressed,
    bool IsProbe,
    DateTimeOffset ClaimedAt
);

/// <summary>
/// A model of PostgreSQL with the tables of the outbox and its own clock. Every method is one atomic statement, except the claim.
/// <c>ConformanceTests</c> compare it with PostgreSQL. <see cref="Session"/> is a transaction of several statements.
/// </summary>
internal sealed partial class ModelStore(Func<DateTimeOffset> clock, Func<Guid> ids, DispatchOptions options)
    : ISequenceVersions,
        ISendingPlans
{
    private readonly Dictionary<SequenceVersionId, IReadOnlyList<Step>> _versions = [];
    private readonly Dictionary<Guid, AttemptRow> _attempts = [];
    private int _tried;

    public List<Row> Rows { get; } = [];

    public List<Sequence> Sequences { get; } = [];

    public List<Suppression> Suppressions { get; } = [];

    public HashSet<Guid> ProviderEvents { get; } = [];

    public Mutation Mutation { get; init; }

    public IHistoryChecker Checker { get; init; } = new NoChecker();

    /// <summary>Continues an action that waited for a lock.</summary>
    public Action<Action> Later { get; init; } = run => run();

    public DateTimeOffset Now => clock();

    public DispatchOptions Options => options;

    public ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken) => new(_versions[id]);

    public ValueTask<SendingPlan?> For(Schedule? schedule, string? recipientZone, CancellationToken cancellationToken) =>
        new(schedule?.For(recipientZone, Holidays.None));

    public ValueTask<SendingPlan?> For(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken) =>
        ForStep(sequence, recipientZone, cancellationToken);

    public ValueTask<SendingPlan?> ForStep(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken) =>
        For(Sequences.Find(s => s.Id == sequence)?.Schedule, recipientZone, cancellationToken);

    public AttemptRow? Attempt(AttemptId? id) => id is { } given ? _attempts.GetValueOrDefault(given.Value) : null;

    public AttemptRow? AttemptOf(Guid job, int number) => _attempts.Values.FirstOrDefault(a => a.JobId == job && a.Number == number);

    /// <summary>How the attempts of an instance ended, in their order.</summary>
    public IEnumerable<AttemptStatus> AttemptsOf(int number) =>
        _attempts.Values.Where(a => a.Row.Number == number).OrderBy(a => a.Order).Select(a => a.Status);

    public Row? Find(InstanceId id) => Rows.Find(row => row.Instance.Id == id);

    /// <summary>How long until the next job comes due.</summary>
    public TimeSpan? NextDue() =>
        Rows.Select(row => row.Instance.Job)
            .Where(job => job is { State: JobState.Ready } && job.DueAt > Now)
            .Min(job => (TimeSpan?)(job!.DueAt - Now));

    public List<Guid> Renew(string node, IReadOnlyList<(Guid Job, int Attempt)> steps)
    {
        List<Guid> renewed = [];
        foreach (var (id, attempt) in steps)
        {
            if (Held(id, attempt, node) is { JobLocked: false } row)
            {
                row.Instance.Job!.Extend(Now + options.Lease);
                renewed.Add(id);
            }
        }

        return renewed;
    }

    public void GiveBack(ClaimedStep step, string node, Action done) =>
        WhenFree(
            Find(step.Instance.Id),
            () =>
            {
                if (Held(step.Fence.JobId, step.Fence.Attempt, node) is { Instance.Job: { } job })
                {
                    job.MakeReady(job.DueAt);
                    Unsent(step);
                }

                done();
            }
        );

    /// <summary>Forgets an attempt that is still under way.</summary>
    public void Unsent(ClaimedStep step)
    {
        if (AttemptOf(step.Fence.JobId, step.Fence.Attempt) is { Status: AttemptStatus.Sending } attempt)
        {
            _attempts.Remove(attempt.Id.Value);
        }
    }

    public Instance? Refresh(ClaimedStep step) =>
        Held(step.Fence.JobId, step.Fence.Attempt, step.Fence.Owner) is { Instance: var now }
            ? now.AsClaimed(now.Status, step.Fence.Owner)
            : null;

    /// <summary>The write-back: waits for the lock of the instance, then writes all or nothing.</summary>
    public void Complete(StepCompletion completion, string node, Action<WriteBack> done) =>
        WhenFree(Find(completion.After.Id), () => done(Complete(completion, node)));

    /// <summary>Instances with an expired lease, or a doubt that can be settled.</summary>
    public List<InstanceId> FindAbandoned(bool settleOverdueDoubts) =>
        [
            .. Rows.Where(row =>
                    row.Instance.Job switch
                    {
                        { State: JobState.Leased } job => job.LeaseUntil < Now,
                        { State: JobState.InDoubt } job => (
                            settleOverdueDoubts && job.DueAt <= Now && row.Instance.MayResend(options.Retry)
                        ) || Confirmed(job),
                        _ => false,
                    }
                )
                .Select(row => row.Instance.Id),
        ];

    public bool Confirmed(StepJob job) => AttemptOf(job.Id, job.Attempt) is { } attempt && ProviderEvents.Contains(attempt.Id.Value);

    /// <summary>Runs as soon as no other session holds the lock of the row.</summary>
    public static void WhenFree(Row? row, Action run, Session? asking = null)
    {
        if (row?.LockedBy is null || row.LockedBy == asking)
        {
            run();
        }
        else
        {
            row.Waiting.Add(() => WhenFree(row, run, asking));
        }
    }

    /// <summary>Commits the new state of an instance with its events.</summary>
    public void Write(Row row, Instance after, IReadOnlyList<FollowUpEvent> events)
    {
        var before = row.Instance;
        row.Instance = after.Copy();
        row.Timeline.AddRange(events);
        Checker.Written(row, before, events);
    }

    private static Channel? ChannelOf(StepJob job) =>
        job.StepType switch
        {
            StepType.Email => Channel.Email,
            StepType.Sms => Channel.Sms,
            _ => null,
        };

    private WriteBack Complete(StepCompletion completion, string node)
    {
        var (step, after) = (completion.Step, completion.After);
        if (Held(step.Fence.JobId, step.Fence.Attempt, node) is not { } row)
        {
            return WriteBack.LeaseLost;
        }

        var outOfDate = row.Instance.Revision != step.Revision && Mutation != Mutation.NoRevisionCheck;
        var parkedTooLate =
            after.Job?.ParkReason == ParkReason.SequenceDisabled && row.Sequence.Enabled && Mutation != Mutation.ParkedTooLate;
        if (outOfDate || parkedTooLate)
        {
            return WriteBack.Stale;
        }

        Checker.WritingBack(row, step);
        if (Attempt(step.AttemptId) is { } attempt)
        {
            if (completion.Attempt is { } handed)
            {
                attempt.Status = handed.Status;
            }
            else
            {
                _attempts.Remove(attempt.Id.Value);
            }
        }

        Write(row, after, completion.Events);
        if (completion.Suppression is { } closed)
        {
            Suppress(closed);
        }

        return WriteBack.Done;
    }

    private Row? Held(Guid job, int attempt, string owner) =>
        Rows.Find(row =>
            row.Instance.Job is { } held
            && held.Id == job
            && (Mutation == Mutation.NoFence || (held.Attempt == attempt && held.Owner == owner && held.State == JobState.Leased))
        );
}

/// <summary>Is told of each change in the store, to check the invariants.</summary>
internal interface IHistoryChecker
{
    /// <summary>A step was claimed with the instance that the claim read. <paramref name="maySend"/> is the correct decision, which the claim may miss.</summary>
    void Claimed(Row row, Instance read, AttemptId attempt, bool maySend);

    /// <summary>A write-back is about to be written.</summary>
    void WritingBack(Row row, ClaimedStep step);

    /// <summary>An instance was written.</summary>
    void Written(Row row, Instance before, IReadOnlyList<FollowUpEvent> events);
}

internal sealed class NoChecker : IHistoryChecker
{
    public void Claimed(Row row, Instance read, AttemptId attempt, bool maySend) { }

    public void WritingBack(Row row, ClaimedStep step) { }

    public void Written(Row row, Instance before, IReadOnlyList<FollowUpEvent> events) { }
}
