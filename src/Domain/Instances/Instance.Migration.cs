using System.Globalization;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <content>How it moves to a newer version of its sequence.</content>
public sealed partial class Instance
{
    /// <summary>
    /// Moves a running instance to a newer version. Its status stays, unless nothing is left for it: then it is COMPLETED. A step that was tried
    /// keeps its tries when it stays the same step. Not to be called while its step is being sent or in doubt.
    /// </summary>
    /// <param name="version">The newer version.</param>
    /// <param name="to">Its step, or the number of its steps when nothing is left.</param>
    /// <param name="steps">The steps of the version that it leaves.</param>
    /// <param name="slot">Gives the instant for a step that the move itself makes overdue.</param>
    /// <param name="now">The present instant.</param>
    public void MoveTo(SequenceVersion version, StepIndex to, IReadOnlyList<Step> steps, Func<DateTimeOffset> slot, DateTimeOffset now)
    {
        var from = (Version, Step: CurrentStep);
        var old = steps[CurrentStep.Value];
        (SequenceVersionId, Version, CurrentStep) = (version.Id, version.Number, to);
        if (to.Value == version.Steps.Count)
        {
            (Status, Attention, Attempts, Deferrals, LastError, Job) = (InstanceStatus.Completed, null, 0, 0, null, null);
            Migrated(from.Version, from.Step, now);
            RecordEvent("completed", null, now);
            return;
        }

        var next = version.Steps[to.Value];
        if (next.Id != old.Id && Status != InstanceStatus.Failed)
        {
            (Attempts, Deferrals, LastError) = (0, 0, null);
        }

        if (Job is { } job)
        {
            Job = Moved(job, old, version.Steps, slot, now);
            Job.Continue(job, steps.Take(from.Step.Value).Any(step => step.Type != StepType.Wait));
        }

        Migrated(from.Version, from.Step, now);
    }

    /// <summary>
    /// A new job, not the old one changed: a claim that had begun to look before this was committed finds the old one gone, and cannot put the
    /// new step together with the old version.
    /// </summary>
    private StepJob Moved(StepJob job, Step old, IReadOnlyList<Step> steps, Func<DateTimeOffset> slot, DateTimeOffset now)
    {
        var next = steps[CurrentStep.Value];
        var frozenAt = job.ParkedAt ?? now;
        // What the schedule put off counts from when it was wanted: the schedule has its say again.
        var before = job.WantedAt ?? job.DueAt;
        var wanted = (old, next) switch
        {
            (WaitStep was, WaitStep) => was.HasShapeOf(next with { Id = was.Id }) ? before : DueAfter(next, Began(was, before)),
            (_, WaitStep) => DueAfter(next, before > frozenAt ? before : frozenAt),
            _ => before,
        };
        if (wanted <= frozenAt && before > frozenAt)
        {
            wanted = job.ParkedAt is null ? slot() : frozenAt;
        }

        // The id tells since when the step is the next one: for the same step, since then.
        return StepJob.For(
            this,
            steps,
            wanted,
            Attempts > 0 ? PlaceAgain(next.Type, wanted) : Place(next, wanted),
            next.Id == old.Id ? job.EnqueuedAt : now
        );
    }

    /// <summary>When a wait began that ends at an instant: what has passed of it counts, whether it becomes longer or shorter.</summary>
    private DateTimeOffset Began(WaitStep wait, DateTimeOffset ends)
    {
        var began = ends - wait.Delay;
        for (var i = 0; wait.BusinessDays is not null && i < SendingPlan.HorizonDays && DueAfter(wait, began) > ends; i++)
        {
            began = began.AddDays(-1);
        }

        return began;
    }

    private void Migrated(int fromVersion, StepIndex fromStep, DateTimeOffset now) =>
        RecordEvent(
            "migrated",
            new()
            {
                ["fromVersion"] = fromVersion.ToString(CultureInfo.InvariantCulture),
                ["fromStep"] = fromStep.Value.ToString(CultureInfo.InvariantCulture),
                ["toVersion"] = Version.ToString(CultureInfo.InvariantCulture),
                ["toStep"] = CurrentStep.Value.ToString(CultureInfo.InvariantCulture),
            },
            now,
            Status == InstanceStatus.Completed ? null : CurrentStep
        );
}
