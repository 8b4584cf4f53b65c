namespace FollowUp.Application.Delivery;

/// <param name="Subject">The subject of a mail; null for a text message.</param>
/// <param name="Html">The HTML part of a mail; null for a text message.</param>
internal sealed record RenderedStep(string? Subject, string? Html, string Text)
{
    /// <summary>The variant that was chosen; null when the step has none.</summary>
    public string? Variant { get; init; }

    /// <summary>The thread that the mail replies to; null when it starts a thread.</summary>
    public MailThread? Under { get; init; }

    /// <summary>The unsubscribe link; null for a text message, and when no public URL is set.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>The variables that were output without a value or default. Such a message must not be sent.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}
