using FollowUp.Application;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;

namespace FollowUp.Simulation;

/// <summary>
/// A transaction of several statements: the application's ports on the model's store. Locks the instance before the job, as all code does,
/// and holds both locks until the transaction ends.
/// </summary>
internal sealed class Session(ModelStore store, IWire wire, string client)
    : IInstanceRepository,
        ISuppressions,
        IAbandonedSteps,
        IDatabaseClock
{
    private readonly List<(Row Row, Instance Loaded, int Revision)> _loaded = [];
    private readonly List<Suppression> _suppressions = [];
    private readonly List<Row> _locked = [];

    public bool Ended { get; private set; }

    /// <summary>The process that opened it.</summary>
    public string Client => client;

    /// <summary>The number of the locked instance, for the trace.</summary>
    public int Subject { get; private set; }

    public async Task<Instance?> FindForChange(InstanceId id, CancellationToken cancellationToken)
    {
        await Lock(id);
        return await wire.Ask<Instance?>(
            "reads and locks job",
            Number(id),
            give => ModelStore.WhenNotClaimed(store.Find(id), () => give(Load(id)))
        );
    }

    public Task<Instance?> FindForChange(InstanceId id, OwnerId owner, CancellationToken cancellationToken) =>
        FindForChange(id, cancellationToken);

    public Task<InstanceId?> FindEnrolled(SequenceId sequence, EmailAddress email, CancellationToken cancellationToken) =>
        wire.Ask<InstanceId?>(
            "finds rival",
            0,
            give => give(store.Rows.Find(r => r.Sequence.Id == sequence && ModelStore.IsEnrolled(r.Instance, email))?.Instance.Id)
        );

    public Task<IReadOnlyList<InstanceId>> Find(bool settleOverdueDoubts, int most, CancellationToken cancellationToken) =>
        wire.Ask<IReadOnlyList<InstanceId>>("sweeps", 0, give => give(store.FindAbandoned(settleOverdueDoubts)));

    public async Task<AbandonedStep?> Lock(InstanceId id, CancellationToken cancellationToken)
    {
        if (await FindForChange(id, cancellationToken) is not { Job: { } job } instance)
        {
            return null;
        }

        return await wire.Ask<AbandonedStep?>("looks again", Number(id), give => give(Abandoned(instance, job)));
    }

    public Task<DateTimeOffset> Now(CancellationToken cancellationToken) =>
        wire.Ask<DateTimeOffset>("asks the time", 0, give => give(store.Now));

    public Task<bool> Contains(OwnerId owner, Channel channel, string address, CancellationToken cancellationToken) =>
        wire.Ask<bool>("looks for suppression", 0, give => give(store.SuppressionOf(address, channel) is not null));

    public Task<StopReason?> ReasonFor(OwnerId owner, Channel? channel, Recipient recipient, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The model has no predictions.");

    public Task Add(Suppression suppression, CancellationToken cancellationToken)
    {
        _suppressions.Add(suppression);
        return Task.CompletedTask;
    }

    public void Add(Instance instance) => throw new NotSupportedException("The model enrols in one statement.");

    /// <summary>Writes all changes. False if a unique index rejects them or the session has ended.</summary>
    public bool Commit()
    {
        if (Ended)
        {
            return false;
        }

        var changed = _loaded.Where(l => l.Loaded.Revision != l.Revision && store.Rows.Contains(l.Row)).ToList();
        var refused = changed.Exists(l =>
            store.Rows.Exists(r =>
                r != l.Row
                && r.Sequence == l.Row.Sequence
                && ModelStore.IsEnrolled(l.Loaded, l.Loaded.Recipient.Email)
                && ModelStore.IsEnrolled(r.Instance, l.Loaded.Recipient.Email)
            )
        );
        if (!refused)
        {
            foreach (var (row, loaded, _) in changed)
            {
                // The only change of an attempt by recovery: an attempt that its worker left SENDING becomes IN_DOUBT.
                if (row.Instance.Job is { State: JobState.Leased } job && store.AttemptOf(job.Id, job.Attempt) is { } attempt)
                {
                    attempt.Status = loaded.Job is { State: JobState.Leased } ? attempt.Status : AttemptStatus.InDoubt;
                }

                store.Write(row, loaded, [.. loaded.TakeEvents().Cast<FollowUpEvent>()]);
            }

            _suppressions.ForEach(store.Suppress);
        }

        End();
        return !refused;
    }

    /// <summary>Rolls back, as PostgreSQL does when it notices that the client is gone.</summary>
    public void Abort() => End();

    private Task<bool> Lock(InstanceId id) =>
        wire.Ask<bool>(
            "locks",
            Number(id),
            give =>
            {
                var row = store.Find(id);
                ModelStore.WhenFree(
                    row,
                    () =>
                    {
                        if (!Ended && row is { LockedBy: null })
                        {
                            row.LockedBy = this;
                            _locked.Add(row);
                            Subject = row.Number;
                        }

                        give(true);
                    },
                    this
                );
            }
        );

    private Instance? Load(InstanceId id)
    {
        if (Ended || store.Find(id) is not { } row || row.LockedBy != this)
        {
            return null;
        }

        row.JobLocked = true;
        var copy = row.Instance.Copy();
        _loaded.Add((row, copy, copy.Revision));
        return copy;
    }

    private AbandonedStep? Abandoned(Instance instance, StepJob job)
    {
        if (job.State == JobState.Leased && job.LeaseUntil < store.Now)
        {
            var sending =
                store.Mutation != Mutation.DoubtIsRetried
                && store.AttemptOf(job.Id, job.Attempt) is { Status: AttemptStatus.Sending } attempt
                    ? AggregateCopier.Attempt(attempt.Id, attempt.Number)
                    : null;
            return new(instance, sending, false);
        }

        return job.State == JobState.InDoubt ? new(instance, null, store.Confirmed(job)) : null;
    }

    private void End()
    {
        Ended = true;
        foreach (var row in _locked)
        {
            (row.LockedBy, row.JobLocked) = (null, false);
            Action[] waiting = [.. row.Waiting];
            row.Waiting.Clear();
            Array.ForEach(waiting, store.Later);
        }

        _locked.Clear();
    }

    private int Number(InstanceId id) => store.Find(id)?.Number ?? 0;
}
