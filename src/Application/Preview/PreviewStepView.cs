using FollowUp.Application.Templates;

namespace FollowUp.Application.Preview;

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
