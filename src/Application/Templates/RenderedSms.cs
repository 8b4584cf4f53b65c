namespace FollowUp.Application.Templates;

/// <summary>A rendered text message.</summary>
public sealed record RenderedSms(string Text, IReadOnlyCollection<string> Missing);
