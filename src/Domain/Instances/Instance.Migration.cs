using System.Globalization;

namespace FollowUp.Domain.Instances;

/// <content>Migration to a newer version of the sequence.</content>
public sealed partial class Instance
{
    /// <summary>
    /// Moves a running instance to a newer version. The status stays the same, unless no steps remain: then it becomes COMPLETED. Failed
    /// attempts keep counting when the step stays the same. Must not be called while the step is being sent or in doubt.
    /// </summary>
    /// <param name="to">The index of the step to continue with, or the number of steps when none remain.</param>
    /// <param name="slot">Returns the due time for a step that the migration itself makes overdue.</param>
    public void MoveTo(SequenceVersion version, StepIndex to, Timetable previous, Func<DateTimeOffset> slot, DateTimeOffset now)
    {
        var from = (Version, Step: CurrentStep);
        var old = previous[CurrentStep];
        (SequenceVersionId, Version, CurrentStep) = (version.Id, version.Number, to);
        if (to.Value == version.Steps.Count)
        {
            (Status, Attention, Attempts, Deferrals, LastError, Job) = (InstanceStatus.Completed, null, 0, 0, null, null);
            Migrated(from.Version, from.Step, now);
            RecordEvent(EventType.Completed, null, now);
            return;
        }

        var next = version.Steps[to.Value];
        if (next.Id != old.Id && Status != InstanceStatus.Failed)
        {
            (Attempts, Deferrals, LastError) = (0, 0, null);
        }

        if (Job is { } job)
        {
            Job = Moved(job, old, previous with { Steps = version.Steps }, slot, now);
            Job.Continue(job, previous.Steps.Take(from.Step.Value).Any(step => step.Type != StepType.Wait));
        }

        Migrated(from.Version, from.Step, now);
    }

    /// <summary>
    /// Creates a new job instead of changing the old one: a claim that started before this commit no longer finds its job, so it cannot
    /// combine the new step with the old version.
    /// </summary>
    private StepJob Moved(StepJob job, Step old, Timetable timetable, Func<DateTimeOffset> slot, DateTimeOffset now)
    {
        var next = timetable[CurrentStep];
        var frozenAt = job.ParkedAt ?? now;
        // Delays by the schedule are dropped: the time is placed again from the original due time.
        var before = job.WantedAt ?? job.DueAt;
        // Time already waited counts, whether the wait becomes longer or shorter.
        var wanted = (old, next) switch
        {
            (WaitStep was, WaitStep) => was.HasShapeOf(next with { Id = was.Id })
                ? before
                : timetable.DelayEnds(next, timetable.DelayBegan(was, before)),
            (_, WaitStep) => timetable.DelayEnds(next, before > frozenAt ? before : frozenAt),
            _ => before,
        };
        if (wanted <= frozenAt && before > frozenAt)
        {
            wanted = job.ParkedAt is null ? slot() : frozenAt;
        }

        return StepJob.For(
            this,
            timetable,
            wanted,
            timetable.Place(CurrentStep, wanted, again: Attempts > 0),
            next.Id == old.Id ? job.EnqueuedAt : now
        );
    }

    private void Migrated(int fromVersion, StepIndex fromStep, DateTimeOffset now) =>
        RecordEvent(
            EventType.Migrated,
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
