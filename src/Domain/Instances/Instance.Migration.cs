using System.Globalization;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Domain.Instances;

/// <content>Migration to a newer version of the sequence.</content>
public sealed partial class Instance
{
    /// <summary>
    /// Moves a running instance to a newer version. The status stays the same, unless no steps remain: then it becomes COMPLETED. Failed
    /// attempts keep counting when the step stays the same. Must not be called while the step is being sent or in doubt.
    /// </summary>
    /// <param name="version">The newer version.</param>
    /// <param name="to">The index of the step to continue with, or the number of steps when none remain.</param>
    /// <param name="steps">The steps of the previous version.</param>
    /// <param name="slot">Returns the due time for a step that the migration itself makes overdue.</param>
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
    /// Creates a new job instead of changing the old one: a claim that started before this commit no longer finds its job, so it cannot
    /// combine the new step with the old version.
    /// </summary>
    private StepJob Moved(StepJob job, Step old, IReadOnlyList<Step> steps, Func<DateTimeOffset> slot, DateTimeOffset now)
    {
        var next = steps[CurrentStep.Value];
        var frozenAt = job.ParkedAt ?? now;
        // Delays by the schedule are dropped: the time is placed again from the original due time.
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

        // The job's id encodes when the step became the current one, so an unchanged step keeps that instant.
        return StepJob.For(
            this,
            steps,
            wanted,
            Attempts > 0 ? PlaceAgain(next.Type, wanted) : Place(next, wanted),
            next.Id == old.Id ? job.EnqueuedAt : now
        );
    }

    /// <summary>
    /// When a wait that ends at the given instant began. Time already waited counts, whether the wait becomes longer or shorter.
    /// </summary>
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
