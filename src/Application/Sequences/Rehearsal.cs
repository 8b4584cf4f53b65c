using System.Globalization;
using System.Text.Json;
using Ardalis.Result;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Scheduling;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using NodaTime;

namespace FollowUp.Application.Sequences;

/// <summary>What a sequence would do.</summary>
/// <param name="StartAt">When it would start.</param>
/// <param name="TimeZone">The zone of the local times: the schedule's or the recipient's, else UTC.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="CompletedAt">When the last one would be done.</param>
public sealed record PreviewView(DateTimeOffset StartAt, string TimeZone, IReadOnlyList<PreviewStepView> Steps, DateTimeOffset CompletedAt);

/// <summary>What a step would do.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="At">When: for a WAIT the end of it.</param>
/// <param name="LocalTime">The same instant as a clock in the zone shows it, with its offset.</param>
/// <param name="Moved">Why it is not earlier, in order; empty when nothing moved it.</param>
/// <param name="Outcome">What is assumed of it: <c>sent</c>, <c>skipped</c> or <c>completed</c> (a WAIT).</param>
/// <param name="Variant">The variant that was taken; null when the step has none.</param>
/// <param name="Subject">A mail's subject.</param>
/// <param name="Html">A mail's HTML part.</param>
/// <param name="Text">A mail's text part, or the text message.</param>
/// <param name="IsReply">Whether the mail goes under the first one.</param>
/// <param name="Missing">The variables that have neither a value nor a default. With any, the real step would fail.</param>
/// <param name="Removed">What had to go from the HTML, such as <c>&lt;script&gt;</c>.</param>
public sealed record PreviewStepView(
    int Index,
    string Type,
    DateTimeOffset At,
    string LocalTime,
    IReadOnlyList<MovedView> Moved,
    string Outcome,
    string? Variant,
    string? Subject,
    string? Html,
    string? Text,
    bool IsReply,
    IReadOnlyCollection<string> Missing,
    IReadOnlyCollection<string> Removed
);

/// <summary>Why a step's instant was moved.</summary>
/// <param name="Reason">Such as <c>window</c>, <c>weekend</c> or <c>paused</c>.</param>
/// <param name="To">To which instant.</param>
public sealed record MovedView(string Reason, DateTimeOffset To)
{
    internal static MovedView Of(Move move) => new(JsonNamingPolicy.CamelCase.ConvertName(move.Reason.ToString()), move.To);
}

/// <summary>
/// Takes an instance through its steps ahead of time: the very aggregate and the very rendering that the worker uses, with the clock put forward
/// to each step's instant in place of a wait, and an assumed outcome in place of a provider.
/// </summary>
/// <remarks>Limits are taken as they stand: with today's mails counted, and none of other recipients on the days to come.</remarks>
internal sealed class Rehearsal(StepTexts texts, ISendingPlans plans, ILimits limits)
{
    private const int MostPauses = 20;

    /// <summary>Clocks of clients and the moments of a call differ; what is older is a mistake.</summary>
    private static readonly TimeSpan OldestStart = TimeSpan.FromDays(1);

    private static readonly OutcomeRules Rules = new(RetryPolicy.Default, 0, TimeSpan.Zero);

    /// <summary>Runs it.</summary>
    /// <param name="sequence">A sequence that is not kept.</param>
    /// <param name="input">For whom.</param>
    /// <param name="now">The present instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What would happen, or which field is wrong.</returns>
    public async Task<Result<PreviewView>> Run(
        Sequence sequence,
        PreviewInput input,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var read = new EnrolmentInput(input.Recipient, input.Variables, input.OfferId, input.StartAt).Read(now);
        List<ValidationError> errors = [.. read.ValidationErrors];
        var steps = sequence.Current.Steps;
        if (input.StartAt < now - OldestStart)
        {
            errors.Add(new("startAt", "must not lie in the past"));
        }

        var pauses = Assumptions.Check(input.Assume, steps, MostPauses, errors);
        if (errors.Count > 0)
        {
            return Result.Invalid(errors);
        }

        var (recipient, variables, offerId, startAt) = read.Value;
        var plan = await plans.For(sequence.Schedule, recipient.TimeZone, cancellationToken);
        var instance = Instance.Enroll(sequence, recipient, variables, offerId, startAt, now, plan).Value;
        var zone = plan?.Zone ?? DateTimeZoneProviders.Tzdb[recipient.TimeZone ?? "Etc/UTC"];
        var room = new Room(await limits.Get(instance.OwnerId, cancellationToken), limits);
        var clock = startAt > now ? startAt.Value.ToUniversalTime() : now;
        var start = clock;
        List<PreviewStepView> views = [];
        while (instance.Job is not null)
        {
            var index = instance.CurrentStep;
            List<MovedView> moved = [];
            foreach (var pause in pauses.Where(pause => pause.Step == index.Value))
            {
                instance.Pause(clock);
                clock += pause.Length;
                instance.Resume(ResumeTiming.Shift, steps, clock);
                moved.Add(new("paused", instance.Job.DueAt));
            }

            moved.AddRange(instance.Job.WaitingFor.Select(MovedView.Of));
            moved.AddRange(await room.PutOff(instance, steps, IsSkipped(instance, steps, input), cancellationToken));
            clock = instance.Job.DueAt;
            var view = await Step(instance, sequence, input, zone, moved, cancellationToken);
            if (!view.IsSuccess)
            {
                return view.Map(_ => default(PreviewView)!);
            }

            views.Add(view.Value);
            instance.Apply(Outcome(view.Value), steps, Rules, clock);
        }

        return new PreviewView(start, zone.Id, views, clock);
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
                ? Result.Success(new StepText(null, null, ""))
                : await texts.Render(steps, index, Reader(instance, sequence, step, input), cancellationToken);
        if (!text.IsSuccess)
        {
            return Result.Invalid(new ValidationError($"steps[{index.Value}].{Field(text.Errors.First())}", text.Errors.First()));
        }

        return new PreviewStepView(
            index.Value,
            step.Type.ToString().ToUpperInvariant(),
            at,
            Instant
                .FromDateTimeOffset(at)
                .InZone(zone)
                .ToDateTimeOffset()
                .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            moved,
            step is WaitStep ? "completed"
                : IsSkipped(instance, steps, input) ? "skipped"
                : "sent",
            text.Value.Variant,
            text.Value.Subject,
            text.Value.Html,
            step is WaitStep ? null : text.Value.Text,
            text.Value.Under is not null,
            text.Value.Missing,
            text.Value.Removed
        );
    }

    private static bool IsSkipped(Instance instance, IReadOnlyList<Step> steps, PreviewInput input) =>
        input.Assume?.Skipped?.Contains(instance.CurrentStep.Value) == true
        || (steps[instance.CurrentStep.Value] is SmsStep && instance.Recipient.Phone is null);

    /// <summary>Whose mail it will be is not decided before the enrolment, and so the variant is not either: the likeliest stands for it.</summary>
    private static StepReader Reader(Instance instance, Sequence sequence, Step step, PreviewInput input)
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
            Variant = (assumed ?? variants.MaxBy(variant => variant.Weight))?.Name,
        };
    }

    private static StepOutcome Outcome(PreviewStepView view) =>
        view.Outcome switch
        {
            "completed" => new StepOutcome.WaitOver(),
            "skipped" => new StepOutcome.Skipped("assumed"),
            _ => new StepOutcome.Sent(Guid.Empty, "", "preview", null)
            {
                Mail = view.Subject is null ? null : new MailThread("preview", view.Subject),
            },
        };

    /// <summary>The field that an error of the rendering speaks of: "The body cannot …".</summary>
    private static string Field(string error) => error.Split(' ') is [_, "subject" or "body" or "message", ..] words ? words[1] : "body";
}

/// <summary>The room that an owner's limits leave to the mails of a rehearsal.</summary>
internal sealed class Room(Limits limits, ILimits store)
{
    /// <summary>A limit that puts a mail off for longer than that leaves no room at all.</summary>
    private const int MostPutOffs = 400;

    private readonly Dictionary<DateOnly, int> _own = [];
    private DateTimeOffset? _last;

    /// <summary>Puts the instance's next mail off for as long as there is no room, and then counts it.</summary>
    public async ValueTask<IReadOnlyList<MovedView>> PutOff(
        Instance instance,
        IReadOnlyList<Step> steps,
        bool isSkipped,
        CancellationToken cancellationToken
    )
    {
        if (instance.Job!.StepType != StepType.Email || isSkipped || !limits.AreAny)
        {
            return [];
        }

        List<MovedView> moves = [];
        for (var i = 0; i < MostPutOffs; i++)
        {
            if (await Refusal(instance, cancellationToken) is not { } refused)
            {
                break;
            }

            instance.PutOff(refused, steps, instance.Job.DueAt);
            moves.AddRange(instance.Job.WaitingFor.Select(MovedView.Of));
        }

        _last = instance.Job.DueAt;
        var day = limits.DayOf(_last.Value);
        _own[day] = _own.GetValueOrDefault(day) + 1;
        return moves;
    }

    private async ValueTask<Move?> Refusal(Instance instance, CancellationToken cancellationToken)
    {
        var at = instance.Job!.DueAt;
        var day = limits.DayOf(at);
        var own = _own.GetValueOrDefault(day);
        return own >= limits.PerRecipientPerDay ? new Move(MoveReason.RecipientCap, limits.NextDay(at))
            : limits.MailsOn(day) is { } most && own + await store.Taken(instance.OwnerId, day, cancellationToken) >= most
                ? new Move(MoveReason.Cap, limits.NextDay(at))
            : _last + limits.MinGap > at ? new Move(MoveReason.Gap, (_last + limits.MinGap)!.Value)
            : null;
    }
}

/// <summary>Checks what a preview is to assume.</summary>
internal static class Assumptions
{
    /// <summary>Reads the pauses, and notes what is wrong with any assumption.</summary>
    public static IReadOnlyList<(int Step, TimeSpan Length)> Check(
        PreviewAssumptions? assume,
        IReadOnlyList<Step> steps,
        int mostPauses,
        List<ValidationError> errors
    )
    {
        if (assume is null)
        {
            return [];
        }

        if (assume.Variant is { } variant && !steps.OfType<EmailStep>().Any(step => step.Variants.Named(variant) is not null))
        {
            errors.Add(new("assume.variant", "must be the name of a variant of one of the steps"));
        }

        for (var i = 0; i < (assume.Skipped?.Count ?? 0); i++)
        {
            var skipped = assume.Skipped![i];
            if (skipped < 0 || skipped >= steps.Count || steps[skipped] is WaitStep)
            {
                errors.Add(new($"assume.skipped[{i}]", "must be the index of an EMAIL or SMS"));
            }
        }

        if (assume.Pauses?.Count > mostPauses)
        {
            errors.Add(new("assume.pauses", $"must be at most {mostPauses} pauses"));
            return [];
        }

        List<(int, TimeSpan)> pauses = [];
        for (var i = 0; i < (assume.Pauses?.Count ?? 0); i++)
        {
            var pause = assume.Pauses![i];
            if (pause is null || pause.Step < 0 || pause.Step >= steps.Count)
            {
                errors.Add(new($"assume.pauses[{i}].step", "must be the index of a step"));
            }
            else if (pause.For is null || WaitStep.Of(pause.For) is not { } length)
            {
                errors.Add(new($"assume.pauses[{i}].for", "must be an ISO 8601 duration such as P3D, of at most 365 days"));
            }
            else
            {
                pauses.Add((pause.Step, length.Delay));
            }
        }

        return pauses;
    }
}
