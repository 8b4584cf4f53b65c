using FollowUp.Application.Templates;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Delivery;

/// <summary>What a step says to somebody.</summary>
/// <param name="Subject">A mail's subject; null for a text message.</param>
/// <param name="Html">A mail's HTML part; null for a text message.</param>
/// <param name="Text">The plain text.</param>
public sealed record RenderedStep(string? Subject, string? Html, string Text)
{
    /// <summary>The variant that was chosen; null when the step has none.</summary>
    public string? Variant { get; init; }

    /// <summary>The mail that this one goes under; null when it begins a conversation of its own.</summary>
    public MailThread? Under { get; init; }

    /// <summary>Where its reader can unsubscribe; null for a text message, and where no public address is set.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>The variables that were written out and have neither a value nor a default. Such a message must not go out.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>What went from the HTML.</summary>
    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}
