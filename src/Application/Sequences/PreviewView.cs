using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Application.Dispatch;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>What a sequence would do.</summary>
/// <param name="StartAt">When it would start.</param>
/// <param name="TimeZone">The zone of the local times: the schedule's or the recipient's, else UTC.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="CompletedAt">When the last one would be done, or the instance stopped.</param>
/// <param name="Suppressed">
/// The channels in which this person gets nothing: with <c>EMAIL</c> an enrolment is refused, with <c>SMS</c> the first SMS stops the instance. The
/// steps are shown all the same, as <c>stopped</c> from the first one that is suppressed on.
/// </param>
public sealed record PreviewView(
    DateTimeOffset StartAt,
    string TimeZone,
    IReadOnlyList<PreviewStepView> Steps,
    DateTimeOffset CompletedAt,
    IReadOnlyList<string> Suppressed
)
{
    /// <summary>What is probably wrong in the sequence and in these mails; at most 100.</summary>
    public IReadOnlyList<SequenceWarning> Warnings { get; init; } = [];

    /// <summary>The view with its warnings.</summary>
    internal PreviewView WithWarnings(IReadOnlyList<Step> steps, ITemplateRenderer templates, bool upgradesImages) =>
        this with
        {
            Warnings = SequenceWarning.Of(
                steps,
                Steps.Where(step => step.Html is not null).Select(step => (step.Index, step.Html!)),
                templates,
                upgradesImages
            ),
        };
}

/// <summary>What a step would do.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="At">When: for a WAIT the end of it.</param>
/// <param name="LocalTime">The same instant as a clock in the zone shows it, with its offset.</param>
/// <param name="Moved">Why it is not earlier, in order; empty when nothing moved it.</param>
/// <param name="Outcome">
/// <c>sent</c> (which is assumed), <c>skipped</c>, <c>completed</c> (a WAIT), or <c>failed</c>: it has holes or cannot be rendered, and the steps after it are shown
/// as if it had been corrected; or <c>stopped</c>: the address is suppressed, so the instance ends at the first such step, and the steps after
/// it are shown though they are never reached.
/// </param>
/// <param name="SkippedBecause"><c>assumed</c>, or as in the timeline <c>noSmsProvider</c> or <c>noPhoneNumber</c>; for <c>stopped</c> the reason of the suppression; else null.</param>
/// <param name="Variant">The variant that was taken; null when the step has none.</param>
/// <param name="Subject">A mail's subject.</param>
/// <param name="Html">A mail's HTML part.</param>
/// <param name="Text">A mail's text part, or the text message.</param>
/// <param name="IsReply">Whether the mail goes under the first one.</param>
/// <param name="Missing">The variables that have neither a value nor a default.</param>
/// <param name="Removed">What went from the HTML, of what has an effect. At most 100 things, each once.</param>
/// <param name="Error">Why it cannot be rendered for this person; null when it can.</param>
public sealed record PreviewStepView(
    int Index,
    string Type,
    DateTimeOffset At,
    string LocalTime,
    IReadOnlyList<MovedView> Moved,
    string Outcome,
    string? SkippedBecause,
    string? Variant,
    string? Subject,
    string? Html,
    string? Text,
    bool IsReply,
    IReadOnlyCollection<string> Missing,
    IReadOnlyList<RemovedPart> Removed,
    string? Error
)
{
    /// <summary>An SMS: into how many parts the carriers split it, each of which is charged; null for other steps and where it cannot be rendered.</summary>
    public int? Segments { get; init; }
}

/// <summary>Why a step's instant was moved.</summary>
/// <param name="Reason">Such as <c>window</c>, <c>weekend</c> or <c>paused</c>.</param>
/// <param name="To">To which instant.</param>
/// <param name="Name">What the holidays are called; absent for other reasons and for days without a name.</param>
public sealed record MovedView(
    string Reason,
    DateTimeOffset To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null
)
{
    internal static MovedView Of(Move move) => new(JsonNamingPolicy.CamelCase.ConvertName(move.Reason.ToString()), move.To, move.Name);
}
