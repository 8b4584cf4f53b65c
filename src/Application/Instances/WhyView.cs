using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>Why an instance is where it is.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="SequenceId">Its sequence.</param>
/// <param name="Version">The sequence version that it goes through.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>PAUSED</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>STOPPED</c>.</param>
/// <param name="AsOf">The instant for which this holds.</param>
/// <param name="TimeZone">The zone of the local times: the schedule's or the recipient's, else UTC.</param>
/// <param name="Steps">What was carried out, oldest first; the newest 200 when there are more.</param>
/// <param name="Next">What comes next or failed; null when it has ended.</param>
/// <param name="WaitingFor">What has to happen first.</param>
/// <param name="Ended">How and when it ended; null when it has not.</param>
public sealed record WhyView(
    Guid InstanceId,
    Guid SequenceId,
    int Version,
    string Status,
    DateTimeOffset AsOf,
    string TimeZone,
    IReadOnlyList<PastStepView> Steps,
    NextStepView? Next,
    WaitView WaitingFor,
    EndView? Ended
);

/// <summary>A step that was carried out.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="Version">The version that the instance was on.</param>
/// <param name="Outcome"><c>sent</c>, <c>skipped</c>, <c>completed</c> or <c>failed</c>.</param>
/// <param name="At">When it ended.</param>
/// <param name="Reason">Why it was skipped, or who settled its doubt.</param>
/// <param name="Error">Why it failed, as a code such as <c>twilio 400 21211</c>, <c>smtp 550 5.1.1</c> or <c>cannotRender</c>.</param>
/// <param name="Variant">The variant that was sent.</param>
/// <param name="Provider">Who took the message.</param>
/// <param name="ProviderMessageId">The provider's name for it.</param>
/// <param name="Tries">The tries to send it, oldest first. They are kept for some hours only.</param>
public sealed record PastStepView(
    int Index,
    string Type,
    int Version,
    string Outcome,
    DateTimeOffset At,
    string? Reason,
    string? Error,
    string? Variant,
    string? Provider,
    string? ProviderMessageId,
    IReadOnlyList<TryView> Tries
);

/// <summary>One try to hand a step to a provider.</summary>
/// <param name="Number">The number of the claim that it belongs to; claims that were put off count, too.</param>
/// <param name="Outcome"><c>sending</c>, <c>accepted</c>, <c>rejected</c>, <c>retryable</c> or <c>inDoubt</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When its outcome was written.</param>
/// <param name="Error">What the provider or the network said.</param>
/// <param name="ProviderMessageId">The provider's name for the message.</param>
/// <param name="AttemptId">The attempt's id, as the provider got it: in SendGrid's custom arguments, in the header <c>X-FollowUp-Attempt</c>.</param>
public sealed record TryView(
    int Number,
    string Outcome,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    string? Error,
    string? ProviderMessageId,
    Guid AttemptId
)
{
    internal static TryView From(Attempt attempt) =>
        new(
            attempt.Number,
            Words.Of(attempt.Status),
            attempt.StartedAt,
            attempt.FinishedAt,
            attempt.Error,
            attempt.ProviderMessageId,
            attempt.Id.Value
        );
}

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

/// <summary>What an instance waits for.</summary>
/// <param name="Reason">
/// <c>time</c>, <c>window</c>, <c>cap</c>, <c>breaker</c> (the provider is down), <c>pace</c> (the backlog after that goes out slowly),
/// <c>turn</c> (due: the next free worker takes it), <c>lease</c> (it is being carried out), <c>person</c>, or <c>nothing</c> when it has ended.
/// </param>
/// <param name="Because">
/// Which: for <c>time</c> <c>delay</c>, <c>at</c>, <c>retry</c>, <c>deferred</c> (the mail server asked for a later try) or <c>start</c>; for <c>window</c> <c>window</c>, <c>weekend</c>, <c>day</c>,
/// <c>holiday</c> or <c>dst</c>; for <c>cap</c> <c>cap</c>, <c>gap</c>, <c>recipientCap</c>, <c>rendering</c> or <c>ceiling</c>; for <c>breaker</c> and <c>pace</c> the channel;
/// for <c>person</c> <c>failed</c>, <c>inDoubt</c>, <c>late</c>, <c>paused</c>, <c>sequenceDisabled</c> or <c>ownerBlocked</c>; for <c>nothing</c>
/// <c>completed</c> or the reason of the stop.
/// </param>
/// <param name="Until">Until when, where that is known: for a doubt, how long the provider's own word is waited for.</param>
/// <param name="Node">For <c>lease</c>: the node that has it in hand.</param>
public sealed record WaitView(string Reason, string? Because, DateTimeOffset? Until = null, string? Node = null)
{
    /// <summary>
    /// For <c>breaker</c>: what the provider or the network said when the breaker opened or the last probe failed, without personal data; null when
    /// nothing was said.
    /// </summary>
    public string? Cause { get; init; }
}

/// <summary>How an instance ended.</summary>
/// <param name="Type"><c>completed</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it was stopped.</param>
/// <param name="At">When.</param>
public sealed record EndView(string Type, string? Reason, DateTimeOffset At);
