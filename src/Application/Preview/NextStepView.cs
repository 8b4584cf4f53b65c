namespace FollowUp.Application.Preview;

/// <summary>The step that comes next, or that failed.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Id">Its id.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="WantedAt">When it would be due if nothing moved it; for a WAIT its end. Null when that is not decided, as while the instance is paused.</param>
/// <param name="DueAt">When it is due, as far as is known now; null as above.</param>
/// <param name="LocalTime">The same instant as a clock in the zone shows it, with its offset.</param>
/// <param name="Moved">Why it is not earlier, in order: the words of a preview, and <c>retry</c>.</param>
/// <param name="Attempts">How often it was tried without success.</param>
/// <param name="LastError">What went wrong at the last try.</param>
/// <param name="Tries">The tries so far, oldest first.</param>
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
    /// What will happen when the step is due, as far as is known now: <c>sent</c> (it is handed to the provider), <c>skipped</c>, <c>completed</c>
    /// (a WAIT), <c>stopped</c> (the address is suppressed, so the instance ends), <c>paused</c> (it is too late) or <c>failed</c> (the operator
    /// forbids it); null when a user has to do something first.
    /// </summary>
    public string? Expected { get; init; }

    /// <summary>Why: the reason of the suppression, <c>noPhoneNumber</c>, <c>noSmsProvider</c>, <c>late</c> or <c>smsCountryForbidden</c>; null for what needs no reason.</summary>
    public string? ExpectedBecause { get; init; }
}
