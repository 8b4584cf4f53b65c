namespace FollowUp.Application.Templates;

internal sealed record RenderedSms(string Text, IReadOnlyCollection<string> Missing);
