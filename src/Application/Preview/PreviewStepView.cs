namespace FollowUp.Application.Preview;

/// <summary>The predicted result of a step.</summary>
/// <param name="Index">The index.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="At">The predicted time; for a WAIT its end.</param>
/// <param name="LocalTime">The predicted time in the local time zone, with its offset.</param>
/// <param name="Moved">Why it is not earlier, in order; empty when nothing moved it.</param>
/// <param name="Outcome">
/// <c>sent</c> (assumed), <c>skipped</c>, <c>completed</c> (a WAIT); <c>failed</c>: values are missing or it cannot be rendered, and the following
/// steps are shown as if it had been corrected; or <c>stopped</c>: the address is suppressed, so the instance ends at the first such step, and the
/// following steps are shown although they are never reached.
/// </param>
/// <param name="SkippedBecause">
/// <c>assumed</c>, or as in the timeline <c>noSmsProvider</c> or <c>noPhoneNumber</c>; for <c>stopped</c> the reason of the suppression;
/// otherwise null.
/// </param>
/// <param name="Variant">The chosen variant; null when the step has none.</param>
/// <param name="Subject">The subject of a mail.</param>
/// <param name="Html">The HTML part of a mail.</param>
/// <param name="Text">The text part of a mail, or the text message.</param>
/// <param name="IsReply">Whether the mail is a reply to the first one.</param>
/// <param name="Missing">The variables without a value or default.</param>
/// <param name="Removed">Effective content that was removed from the HTML; at most 100 entries without duplicates.</param>
/// <param name="Error">Why it cannot be rendered for this recipient; null when it can.</param>
public sealed record PreviewStepView(
    int Index,
    string Type,
    DateTimeOffset At,
    string LocalTime,
    IReadOnlyList<MovedView> Moved,
    [property: OneOf("sent", "skipped", "completed", "failed", "stopped")] string Outcome,
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
    /// <summary>
    /// For an SMS: the number of segments into which carriers split it, each of which is charged; null for other steps and when it cannot
    /// be rendered.
    /// </summary>
    public int? Segments { get; init; }
}
