using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Simulation;

/// <content>
/// The claim, one transaction of two statements. Unlike the others they are not atomic: a statement reads the rows that were committed when it
/// began, then locks one job after the other in its newest version. Other actions may run in between and before the commit.
/// </content>
internal sealed partial class ModelStore
{
    /// <summary>Continues a claim, after a delay that the run chooses.</summary>
    public Action<string, Action> Slowly { get; init; } = (_, run) => run();

    /// <summary>Claims due steps, oldest first, and skips locked ones.</summary>
    public void Claim(string node, int most, InstanceId? probe, Action<List<ClaimedRow>> done)
    {
        var began = Now;
        var closed = Enum.GetValues<Channel>().Where(IsClosed).ToList();
        var snapshot = Rows.Select(row => new Candidate(row, (row.Committed ?? row.Instance).Copy()))
            .Where(candidate => MayClaim(candidate.Seen))
            .OrderBy(candidate => candidate.Seen.Job!.DueAt)
            .ThenBy(candidate => candidate.Row.Number)
            .ToList();
        Slowly("claim looks for due jobs", () => LockNext(0, []));

        void LockNext(int place, List<Candidate> leased)
        {
            for (; place < snapshot.Count && leased.Count < most; place++)
            {
                var row = snapshot[place].Row;
                if (
                    Rows.Contains(row)
                    && !row.IsClaimed
                    && (!row.JobLocked || Mutation == Mutation.NoLockInClaim)
                    && MayClaim(row.Instance)
                )
                {
                    row.Committed = row.Instance.Copy();
                    row.Instance.Job!.Lease(node, began + Options.Lease);
                    leased.Add(snapshot[place]);
                    Slowly("claim locks the next job", () => LockNext(place + 1, leased));
                    return;
                }
            }

            Slowly("claim reads", () => Read(leased, node, probe is not null, done));
        }

        bool MayClaim(Instance instance) =>
            instance.Job is { State: JobState.Ready } job
            && job.DueAt <= began
            && (probe is { } id ? instance.Id == id : ChannelOf(job) is not { } channel || !closed.Contains(channel));
    }

    private void Read(List<Candidate> leased, string node, bool isProbe, Action<List<ClaimedRow>> done)
    {
        var claimed = leased.ConvertAll(candidate => Read(candidate, node, isProbe));
        Slowly(
            "claim commits",
            () =>
            {
                foreach (var (row, attempt) in leased.Select(candidate => candidate.Row).Zip(claimed.Select(c => c.AttemptId)))
                {
                    row.Committed = null;
                    if (attempt is { } id && Mutation != Mutation.NoAttemptBeforeSend)
                    {
                        var job = row.Instance.Job!;
                        _attempts.Add(id.Value, new AttemptRow(id, row, job.Id, job.Attempt, ++_tried));
                    }

                    Action[] waiting = [.. row.Waiting];
                    row.Waiting.Clear();
                    Array.ForEach(waiting, Later);
                }

                done(claimed);
            }
        );
    }

    private ClaimedRow Read(Candidate candidate, string node, bool isProbe)
    {
        var (row, instance) = (candidate.Row, Mutation == Mutation.ReadBeforeLock ? candidate.Seen : candidate.Row.Instance);
        var job = row.Instance.Job!;
        var (enabled, suppressed, status) = (row.Sequence.Enabled, SuppressedFor(row), instance.Status);
        var maySend = status == InstanceStatus.Active && enabled && suppressed is null && job.DueAt >= Now - Options.MaxLateness;
        if (Mutation == Mutation.NoRereadInClaim)
        {
            (enabled, suppressed, status) = (true, null, InstanceStatus.Active);
        }

        var attempt = new AttemptId(ids());
        var sends = job.StepType != StepType.Wait && (maySend || Mutation == Mutation.NoRereadInClaim);
        Checker.Claimed(row, instance, attempt, maySend);
        return new(
            instance.AsClaimed(status, node, job),
            sends ? attempt : null,
            row.Sequence.Name,
            enabled,
            row.Sequence.Schedule is not null,
            MostPerMinute is not null,
            suppressed,
            isProbe,
            Now
        );
    }

    /// <summary>Runs as soon as no claim that is not committed has the job locked.</summary>
    public static void WhenNotClaimed(Row? row, Action run)
    {
        if (row is { IsClaimed: true })
        {
            row.Waiting.Add(() => WhenNotClaimed(row, run));
        }
        else
        {
            run();
        }
    }

    /// <summary>A job that a claim's snapshot shows as due.</summary>
    /// <param name="Row">Its row.</param>
    /// <param name="Seen">The instance and its job as the snapshot shows them.</param>
    private sealed record Candidate(Row Row, Instance Seen);
}
