using NodaTime;

namespace FollowUp.Application.Preview;

/// <summary>
/// Runs an instance through its steps ahead of time, with the same aggregate and the same rendering as the worker. The clock is advanced to
/// each step instead of waiting, and an assumed outcome replaces the provider.
/// </summary>
/// <remarks>Limits and ceilings include the mails sent today, but no mails to other recipients on later days.</remarks>
internal sealed class SequencePreviewer(
    StepRenderer texts,
    IStepSenders senders,
    ISendingPlans plans,
    ILimits limits,
    ICeilings ceilings,
    ISuppressions suppressions
)
{
    private const int MostPauses = 20;

    /// <summary>The maximum size of all texts of a preview as JSON, in bytes: fifty mails of the size at which mailboxes clip them.</summary>
    public const long MostBytes = 4 * 1024 * 1024;

    private long _bytes;

    /// <summary>Tolerates clock differences and the duration of the call; anything older is a mistake.</summary>
    private static readonly TimeSpan OldestStart = TimeSpan.FromDays(1);

    private readonly RenderAllowance _allowance = new();

    private static readonly OutcomeRules Rules = new(RetryPolicy.Default, 0, TimeSpan.Zero);

    /// <summary>Runs the preview.</summary>
    /// <param name="sequence">An unsaved sequence.</param>
    /// <returns>The predicted course, or the validation errors.</returns>
    public async Task<Result<PreviewView>> Run(
        Sequence sequence,
        PreviewInput input,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var steps = sequence.Current.Steps;
        var read = new EnrolmentInput(input.Recipient, input.Variables, input.OfferId, input.StartAt).Read(
            now,
            steps.Any(s => s is SmsStep)
        );
        List<ValidationError> errors = [.. read.ValidationErrors];
        if (input.StartAt < now - OldestStart)
        {
            errors.Add(new("startAt", "must not lie in the past"));
        }

        var pauses = AppliedAssumptions.Check(input.Assume, steps, MostPauses, errors);
        if (errors.Count > 0)
        {
            return Result.Invalid(errors);
        }

        var (recipient, variables, offerId, startAt) = read.Value;
        var plan = await plans.For(sequence.Schedule, recipient.TimeZone, cancellationToken);
        Timetable timetable = new(steps, plan);
        var instance = Instance.Enroll(sequence, recipient, variables, offerId, startAt, now, plan).Value;
        var zone = LocalTimes.ZoneOf(plan, recipient.TimeZone);
        var room = await RemainingQuota.Of(instance.OwnerId, recipient.Email, limits, ceilings, now, cancellationToken);
        var clock = startAt > now ? startAt.Value.ToUniversalTime() : now;
        var start = clock;
        List<PreviewStepView> views = [];
        (StopReason Reason, DateTimeOffset At)? stop = null;
        while (instance.Job is not null)
        {
            var index = instance.CurrentStep;
            List<MovedView> moved = [];
            foreach (var pause in pauses.Where(pause => pause.Step == index.Value))
            {
                instance.Pause(clock);
                clock += pause.Length;
                instance.Resume(ResumeTiming.Shift, timetable, clock);
                moved.Add(new("paused", instance.Job.DueAt));
            }

            moved.AddRange(instance.Job.WaitingFor.Select(MovedView.Of));
            // As in the worker: a suppression ends the instance before limits are checked.
            var reason = SkippedBecause(instance, steps, input) is "assumed" ? null : await Reason(instance, cancellationToken);
            var endsHere = stop is null && reason is not null;
            var putOff = await room.PutOff(
                instance,
                timetable,
                endsHere || SkippedBecause(instance, steps, input) is not null || IsForbidden(instance, steps),
                instance.Job.DueAt,
                cancellationToken
            );
            moved.AddRange(putOff.Select(MovedView.Of));
            clock = instance.Job.DueAt;
            var view = await Step(instance, sequence, input, zone, moved, cancellationToken);
            if (!view.IsSuccess)
            {
                return Result.Invalid(view.ValidationErrors);
            }

            // The steps after the end are still shown: the user may lift the suppression.
            stop ??= reason is { } because ? (because, clock) : null;
            views.Add(stop is { } end ? view.Value with { Outcome = "stopped", SkippedBecause = CamelNames.Of(end.Reason) } : view.Value);
            instance.Apply(Outcome(view.Value), timetable, Rules, clock);
        }

        return new PreviewView(start, zone.Id, views, stop?.At ?? clock, await Suppressed(instance, cancellationToken));
    }

    private Task<StopReason?> Reason(Instance instance, CancellationToken cancellationToken) =>
        suppressions.ReasonFor(instance.OwnerId, instance.Job!.StepType.ChannelOf(), instance.Recipient, cancellationToken);

    private async Task<IReadOnlyList<string>> Suppressed(Instance instance, CancellationToken cancellationToken)
    {
        List<string> channels = [];
        if (await suppressions.Contains(instance.OwnerId, Channel.Email, instance.Recipient.Email.Key, cancellationToken))
        {
            channels.Add("EMAIL");
        }

        if (
            instance.Recipient.Phone is { } phone
            && await suppressions.Contains(instance.OwnerId, Channel.Sms, phone.Value, cancellationToken)
        )
        {
            channels.Add("SMS");
        }

        return channels;
    }

    private async ValueTask<Result<PreviewStepView>> Step(
        Instance instance,
        Sequence sequence,
        PreviewInput input,
        DateTimeZone zone,
        List<MovedView> moved,
        CancellationToken cancellationToken
    )
    {
        var (steps, index, at) = (sequence.Current.Steps, instance.CurrentStep, instance.Job!.DueAt);
        var step = steps[index.Value];
        var text =
            step is WaitStep
                ? Result.Success(new RenderedStep(null, null, ""))
                : await texts.Render(steps, index, Reader(instance, sequence, step, input), cancellationToken);
        var error = text.ValidationErrors.FirstOrDefault() as RenderError;
        if (error is { IsLimit: true })
        {
            // The limit may be one of all steps together, so continuing is pointless.
            return Error.Invalid($"steps[{index.Value}].{error.Identifier}", error.ErrorMessage);
        }

        var skipped = SkippedBecause(instance, steps, input);
        var shown = text.IsSuccess ? text.Value : new RenderedStep(null, null, "");
        _bytes += JsonSize.Of(shown.Subject) + JsonSize.Of(shown.Html) + JsonSize.Of(shown.Text);
        if (_bytes > MostBytes)
        {
            var field = step is SmsStep ? "message" : "body";
            return Error.Invalid(
                $"steps[{index.Value}].{field}",
                $"makes the texts of the preview longer than {MostBytes >> 20} MiB in all"
            );
        }

        return new PreviewStepView(
            index.Value,
            step.Type.ToString().ToUpperInvariant(),
            at,
            LocalTimes.Show(at, zone),
            moved,
            step is WaitStep ? "completed"
                : skipped is not null ? "skipped"
                : !text.IsSuccess || shown.Missing.Count > 0 || IsForbidden(instance, steps) ? "failed"
                : "sent",
            skipped,
            shown.Variant,
            shown.Subject,
            shown.Html,
            step is WaitStep || !text.IsSuccess ? null : shown.Text,
            shown.Under is not null,
            shown.Missing,
            shown.Removed,
            error?.ErrorMessage ?? (skipped is null && IsForbidden(instance, steps) ? DispatchErrors.SmsCountryForbidden : null)
        )
        {
            Segments = step is SmsStep && text.IsSuccess ? SmsSegments.Of(shown.Text) : null,
        };
    }

    /// <summary>Whether the operator forbids text messages to the recipient's country, so that the step fails.</summary>
    private bool IsForbidden(Instance instance, IReadOnlyList<Step> steps) =>
        steps[instance.CurrentStep.Value] is SmsStep && ceilings.Forbids(instance.Recipient.Phone);

    private string? SkippedBecause(Instance instance, IReadOnlyList<Step> steps, PreviewInput input) =>
        input.Assume?.Skipped?.Contains(instance.CurrentStep.Value) == true ? "assumed"
        : steps[instance.CurrentStep.Value] is not SmsStep ? null
        : SkipReasons.ForSms(senders.For(Channel.Sms) is not null, instance.Recipient) is { } reason ? CamelNames.Of(reason)
        : null;

    /// <summary>The instance's id, and with it the variant, is determined only by the enrolment: the likeliest variant is shown.</summary>
    private StepReader Reader(Instance instance, Sequence sequence, Step step, PreviewInput input)
    {
        var variants = (step as EmailStep)?.Variants ?? EmailVariants.None;
        var assumed = input.Assume?.Variant is { } name ? variants.Named(name) : null;
        return new StepReader(
            instance.OwnerId,
            instance.Id,
            instance.Recipient,
            instance.Variables,
            instance.OfferId,
            sequence.Name,
            instance.Thread
        )
        {
            IsTrial = true,
            Allowance = _allowance,
            UpgradesImages = sequence.UpgradeInsecureImages,
            Variant = (assumed ?? variants.Likeliest)?.Name,
        };
    }

    private static StepOutcome Outcome(PreviewStepView view) =>
        view.Outcome switch
        {
            "completed" => new StepOutcome.WaitOver(),
            "skipped" => new StepOutcome.Skipped(SkipReason.Manual),
            _ => new StepOutcome.Sent(Guid.Empty, "", "preview", null)
            {
                Mail = view.Subject is null ? null : new MailThread("preview", view.Subject),
            },
        };
}
