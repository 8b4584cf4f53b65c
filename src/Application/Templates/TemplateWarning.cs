namespace FollowUp.Application.Templates;

/// <summary>Something in a text that is accepted and probably wrong.</summary>
/// <param name="Code">A stable name, such as <c>encodedBraces</c>.</param>
/// <param name="Message">What it is and what to do, in a sentence.</param>
public sealed record TemplateWarning(string Code, string Message);
