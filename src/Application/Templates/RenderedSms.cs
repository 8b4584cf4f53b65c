namespace FollowUp.Application.Templates;

/// <summary>A rendered text message.</summary>
/// <param name="Text">The text.</param>
/// <param name="Missing">The variables that were written out and have neither a value nor a default.</param>
public sealed record RenderedSms(string Text, IReadOnlyCollection<string> Missing);
