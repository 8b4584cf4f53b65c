using NodaTime;

namespace FollowUp.Application.Preview;

/// <summary>What a claim would read about an instance.</summary>
internal sealed record ClaimContext(
    bool OwnerBlocked,
    bool SequenceEnabled,
    StopReason? Suppressed,
    IStepSenders Senders,
    ICeilings Ceilings,
    TimeSpan MaxLateness,
    Outage Outage,
    RemainingQuota Room
);

/// <summary>The expected result of a due step, as in the timeline, with its reason.</summary>
internal sealed record Expectation(string Outcome, string? Reason = null);

/// <summary>The next step of an instance, and what it waits for.</summary>
internal sealed record NextStepPrediction(InstanceStatus Status, PredictedStep? Next, WaitView Wait)
{
    /// <summary>
    /// Calls the aggregate methods that the worker's claim will call, with the time of the next step, so that both always agree. Changes
    /// the instance, which must therefore be an unsaved copy.
    /// </summary>
    public static async ValueTask<NextStepPrediction> Of(
        Instance instance,
        Timetable timetable,
        ClaimContext around,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var status = instance.Status;
        if (instance is not { Status: InstanceStatus.Active, Job: { State: JobState.Ready } ready })
        {
            return new NextStepPrediction(status, PredictedStep.Of(instance, timetable.Steps), Waiting(instance, around, now));
        }

        var expected = Begin(instance, timetable, around, ready.DueAt > now ? ready.DueAt : now);
        if (instance.Status == InstanceStatus.Stopped)
        {
            // The instance ends when the step comes due, not before.
            return new NextStepPrediction(
                status,
                new PredictedStep(instance, timetable[instance.CurrentStep], ready) { Expected = expected },
                Waiting(instance, ready, around, now)
            );
        }

        if (expected?.Outcome == "sent" && instance.Job!.DueAt <= now)
        {
            await around.Room.PutOff(instance, timetable, isSkipped: false, now, cancellationToken, once: true);
        }

        var next = PredictedStep.Of(instance, timetable.Steps);
        return new NextStepPrediction(status, next is null ? null : next with { Expected = expected }, Waiting(instance, around, now));
    }

    /// <summary>The worker's decision at a given time; a step that it defers is decided again when it is due.</summary>
    private static Expectation? Begin(Instance instance, Timetable timetable, ClaimContext around, DateTimeOffset at)
    {
        var (job, step) = (instance.Job!, timetable[instance.CurrentStep]);
        var configured = job.StepType == StepType.Wait || around.Senders.For(ChannelOf(job.StepType)) is not null;
        var conditions = new StepConditions(around.SequenceEnabled, around.Suppressed, configured, around.MaxLateness)
        {
            OwnerBlocked = around.OwnerBlocked,
        };
        return instance.Begin(conditions, timetable, at) switch
        {
            StepDecision.GoOn => new("completed"),
            StepDecision.Skip => new("skipped", CamelNames.Of(SkipReason.NoSmsProvider)),
            StepDecision.Send => step switch
            {
                SmsStep when SkipReasons.ForSms(hasProvider: true, instance.Recipient) is { } reason => new(
                    "skipped",
                    CamelNames.Of(reason)
                ),
                SmsStep when around.Ceilings.Forbids(instance.Recipient.Phone) => new("failed", DispatchErrors.SmsCountryForbiddenCode),
                _ => new("sent"),
            },
            _ => instance switch
            {
                { Status: InstanceStatus.Stopped } => new("stopped", CamelNames.Of(instance.StopReason!.Value)),
                { Status: InstanceStatus.Paused } => new("paused", CamelNames.Of(Attention.Late)),
                { Job.State: JobState.Ready } when instance.Job.DueAt > at => Begin(instance, timetable, around, instance.Job.DueAt),
                _ => null,
            },
        };
    }

    private static WaitView Waiting(Instance instance, ClaimContext around, DateTimeOffset now) =>
        instance switch
        {
            { Job: { State: JobState.Leased } job } => new("lease", null, job.LeaseUntil, job.Owner),
            { Status: InstanceStatus.Completed } => new("nothing", "completed"),
            { Status: InstanceStatus.Stopped } => new("nothing", CamelNames.Of(instance.StopReason!.Value)),
            { Attention: Attention.InDoubt, Job: { } job } => new("person", "inDoubt", job.DueAt),
            { Attention: { } attention } => new("person", CamelNames.Of(attention)),
            { Status: InstanceStatus.Paused } => new("person", "paused"),
            { Job: { State: JobState.Parked, ParkReason: ParkReason.OwnerBlocked } } => new("person", "ownerBlocked"),
            { Job: { State: JobState.Parked } } => new("person", "sequenceDisabled"),
            { Job: { } job } => Waiting(instance, job, around, now),
            _ => throw new InvalidOperationException($"An {instance.Status} instance without a job: {instance.Id.Value}"),
        };

    private static WaitView Waiting(Instance instance, StepJob job, ClaimContext around, DateTimeOffset now) =>
        job.DueAt > now ? Later(instance, job, now) : Now(job, around.Outage);

    /// <summary>Not due yet: the first reason in order that has not passed.</summary>
    private static WaitView Later(Instance instance, StepJob job, DateTimeOffset now) =>
        PredictedStep.MovesOf(instance, job).FirstOrDefault(move => move.To > now) is { } move
            ? new(WordFor(move.Reason), move.Reason, move.To)
            : new("time", job.StepType == StepType.Wait ? "delay" : "start", job.DueAt);

    /// <summary>Due: nothing in the instance holds the step back.</summary>
    private static WaitView Now(StepJob job, Outage outage)
    {
        var channel = job.StepType.ToString().ToUpperInvariant();
        return outage.OpenUntil is { } open ? new("breaker", channel, open) { Cause = outage.Cause }
            : job.DueAt < outage.BacklogUntil ? new("pace", channel)
            : new("turn", null);
    }

    private static string WordFor(string reason) =>
        reason switch
        {
            PredictedStep.Retry or "at" or "deferred" => "time",
            "cap" or "gap" or "recipientCap" or "rendering" or "ceiling" => "cap",
            _ => "window",
        };

    private static Channel ChannelOf(StepType type) => type == StepType.Sms ? Channel.Sms : Channel.Email;
}

/// <summary>The current or failed step.</summary>
internal sealed record PredictedStep(Instance Instance, Step Step, StepJob? Due)
{
    public const string Retry = "retry";

    /// <summary>What the worker will do when the step is due; null when a user must act first.</summary>
    public Expectation? Expected { get; init; }

    public static PredictedStep? Of(Instance instance, IReadOnlyList<Step> steps) =>
        instance.Job is null && instance.Status is InstanceStatus.Completed or InstanceStatus.Stopped
            ? null
            : new(
                instance,
                steps[instance.CurrentStep.Value],
                instance.Job is { State: JobState.Ready or JobState.Leased } job ? job : null
            );

    /// <summary>A retry also moves a step: the previous attempt was due earlier.</summary>
    public static IEnumerable<MovedView> MovesOf(Instance instance, StepJob job) =>
        [
            .. instance.Attempts > 0 && !job.WaitingFor.Any(move => move.Reason == MoveReason.Deferred)
                ? [new MovedView(Retry, job.WantedAt ?? job.DueAt)]
                : Array.Empty<MovedView>(),
            .. job.WaitingFor.Select(MovedView.Of),
        ];

    public NextStepView View(DateTimeZone zone, IReadOnlyList<TryView> tries) =>
        new(
            Instance.CurrentStep.Value,
            Step.Id,
            Step.Type.ToString().ToUpperInvariant(),
            Due?.WantedAt ?? Due?.DueAt,
            Due?.DueAt,
            Due is null ? null : LocalTimes.Show(Due.DueAt, zone),
            Due is null ? [] : [.. MovesOf(Instance, Due)],
            Instance.Attempts,
            Instance.LastError,
            tries
        )
        {
            Expected = Expected?.Outcome,
            ExpectedBecause = Expected?.Reason,
        };
}
