namespace FollowUp.Application.Templates;

/// <summary>A rendered text message.</summary>
/// <param name="Text">The text.</param>
/// <param name="Missing">The variables that were output without a value or default.</param>
public sealed record RenderedSms(string Text, IReadOnlyCollection<string> Missing);
