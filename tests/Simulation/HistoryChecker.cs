using FollowUp.Application.Delivery;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Shared;

namespace FollowUp.Simulation;

/// <summary>
/// Checks the invariants against the complete state of store, nodes and provider, and records the first breach. The simulated code does not
/// know of it.
/// </summary>
internal sealed class HistoryChecker : IHistoryChecker
{
    private readonly Dictionary<Guid, Claimed> _claims = [];
    private readonly Dictionary<(Row Row, int Step), int> _accepted = [];

    /// <summary>The first breach; null if none.</summary>
    public string? Breach { get; private set; }

    public int AcceptedInAll { get; private set; }

    public ModelStore Store { private get; set; } = null!;

    public void Breached(string what) => Breach ??= what;

    void IHistoryChecker.Claimed(Row row, Instance read, AttemptId attempt, bool maySend)
    {
        _claims[attempt.Value] = new Claimed(row, row.Instance.Job!.Id, row.Instance.Job.Attempt, maySend);
        if (read.Revision != row.Instance.Revision)
        {
            Breached($"instance {row.Number}: a claim combines the job of revision {row.Instance.Revision} with revision {read.Revision}");
        }
    }

    /// <summary>A request leaves a node.</summary>
    public void Sending(OutgoingMessage message, string node)
    {
        var claim = _claims[message.AttemptId.Value];
        if (!claim.MaySend)
        {
            Breached($"instance {claim.Row.Number}: {node} sends although that was forbidden when it claimed the step");
        }

        if (Store.Find(message.InstanceId) is not { } row)
        {
            // The sequence was deleted while the step was under way.
            return;
        }

        var job = row.Instance.Job;
        if (
            job is not { State: JobState.Leased }
            || job.Id != claim.JobId
            || job.Attempt != claim.Number
            || job.Owner != node
            || job.LeaseUntil < Store.Now
        )
        {
            Breached($"instance {row.Number}: {node} sends without a lease, which is held by {job?.Owner ?? "no node"}");
        }
    }

    /// <summary>A provider takes a message.</summary>
    public void Accepted(OutgoingMessage message, int step)
    {
        AcceptedInAll++;
        var row = _claims[message.AttemptId.Value].Row;
        var times = _accepted[(row, step)] = _accepted.GetValueOrDefault((row, step)) + 1;
        var resends = row.Timeline.Count(e =>
            e.Type == EventType.Resolved && e.StepIndex == step && e.Content.Contains("\"resend\"", StringComparison.Ordinal)
        );
        if (times > 1 + resends)
        {
            Breached($"instance {row.Number}: step {step} was accepted {times} times, with {resends} resends chosen");
        }
    }

    public void WritingBack(Row row, ClaimedStep step)
    {
        var job = row.Instance.Job!;
        if (job.State != JobState.Leased || job.Attempt != step.Fence.Attempt || job.Owner != step.Fence.Owner)
        {
            Breached($"instance {row.Number}: {step.Fence.Owner} writes back what {job.Owner ?? "no node"} holds");
        }
    }

    public void Written(Row row, Instance before, IReadOnlyList<FollowUpEvent> events)
    {
        var after = row.Instance;
        var fits = after.Status switch
        {
            InstanceStatus.Active or InstanceStatus.Paused => after.Job is not null,
            InstanceStatus.Stopped => after.Job?.State is null or JobState.Leased,
            _ => after.Job is null,
        };
        if (!fits)
        {
            Breached($"instance {row.Number}: {after.Status} with a job that is {after.Job?.State.ToString() ?? "missing"}");
        }

        if (after.CurrentStep.Value < before.CurrentStep.Value)
        {
            Breached($"instance {row.Number}: went back from step {before.CurrentStep.Value} to {after.CurrentStep.Value}");
        }

        if (after.EventCount != row.Timeline.Count || !Continues(row.Timeline, events.Count))
        {
            Breached($"instance {row.Number}: the timeline is not whole");
        }

        if (events.Any(e => IsDone(e.Status) && row.Timeline.Count(o => o.StepIndex == e.StepIndex && o.Status == e.Status) > 1))
        {
            Breached($"instance {row.Number}: a step was executed again");
        }
    }

    /// <summary>Checks an instance at the end of the run.</summary>
    public void AtRest(Row row)
    {
        var instance = row.Instance;
        if (instance.Job is not null || instance.Status is not (InstanceStatus.Completed or InstanceStatus.Stopped))
        {
            Breached(
                $"instance {row.Number}: stuck, {instance.Status} with a job that is {instance.Job?.State.ToString() ?? "missing"}, locked by {row.LockedBy?.Client ?? "no node"}"
            );
        }

        if (!FollowUpEvent.IsWhole(row.Timeline))
        {
            Breached($"instance {row.Number}: the timeline is not whole");
        }

        foreach (var (step, times) in _accepted.Where(a => a.Key.Row == row).Select(a => (a.Key.Step, a.Value)).Order())
        {
            if (!row.Timeline.Exists(e => e.StepIndex == step && (e.Status == EventStatus.Sent || e.Type == EventType.InDoubt)))
            {
                Breached($"instance {row.Number}: step {step} was accepted {times} times, and the timeline does not say so");
            }
        }

        foreach (var sent in row.Timeline.Where(e => e.Status == EventStatus.Sent && e.MessageId is not null))
        {
            if (!_accepted.ContainsKey((row, sent.StepIndex!.Value)))
            {
                Breached($"instance {row.Number}: step {sent.StepIndex} is said to be sent, and no provider took it");
            }
        }

        for (var step = 0; instance.Status == InstanceStatus.Completed && step < instance.CurrentStep.Value; step++)
        {
            if (!row.Timeline.Exists(e => e.StepIndex == step && IsDone(e.Status)))
            {
                Breached($"instance {row.Number}: step {step} is lost");
            }
        }
    }

    /// <summary>Whether the instance goes on to its next step after a step with this status.</summary>
    private static bool IsDone(EventStatus? status) =>
        status == EventStatus.Sent || status == EventStatus.Skipped || status == EventStatus.Completed;

    /// <summary>Whether the newest events continue the numbers and the hash chain of the others.</summary>
    private static bool Continues(List<FollowUpEvent> timeline, int newest)
    {
        for (var i = timeline.Count - newest; i < timeline.Count; i++)
        {
            var before = i == 0 ? FollowUpEvent.Genesis : timeline[i - 1].Hash;
            if (timeline[i].Number != i + 1 || !timeline[i].PreviousHash.AsSpan().SequenceEqual(before))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Claimed(Row Row, Guid JobId, int Number, bool MaySend);
}
