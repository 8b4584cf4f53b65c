namespace FollowUp.Application.Preview;

/// <summary>The current or failed step.</summary>
/// <param name="Index">The index.</param>
/// <param name="Id">The id.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="WantedAt">
/// The due time if nothing moved it; for a WAIT its end. Null while undetermined, for example while the instance is paused.
/// </param>
/// <param name="DueAt">The due time as far as it is known now; null while undetermined.</param>
/// <param name="LocalTime">The due time in the local time zone, with its offset.</param>
/// <param name="Moved">Why it is not due earlier, in order: the reasons of a preview, and <c>retry</c>.</param>
/// <param name="Attempts">The number of failed attempts.</param>
/// <param name="LastError">The error of the last failed attempt.</param>
/// <param name="Tries">The attempts so far, oldest first.</param>
public sealed record NextStepView(
    int Index,
    string? Id,
    string Type,
    DateTimeOffset? WantedAt,
    DateTimeOffset? DueAt,
    string? LocalTime,
    IReadOnlyList<MovedView> Moved,
    int Attempts,
    string? LastError,
    IReadOnlyList<TryView> Tries
)
{
    /// <summary>
    /// What will happen when the step is due, as far as it is known now: <c>sent</c> (it is handed to the provider), <c>skipped</c>,
    /// <c>completed</c> (a WAIT), <c>stopped</c> (the address is suppressed, so the instance ends), <c>paused</c> (it is too late) or
    /// <c>failed</c> (the operator forbids it); null when a user must act first.
    /// </summary>
    public string? Expected { get; init; }

    /// <summary>
    /// The reason: that of the suppression, <c>noPhoneNumber</c>, <c>noSmsProvider</c>, <c>late</c> or <c>smsCountryForbidden</c>; null
    /// when no reason applies.
    /// </summary>
    public string? ExpectedBecause { get; init; }
}
