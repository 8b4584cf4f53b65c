namespace FollowUp.Application.Templates;

/// <summary>Something in a text that is accepted but probably wrong.</summary>
/// <param name="Code">A stable code, such as <c>encodedBraces</c>.</param>
/// <param name="Message">One sentence: what is wrong and what to do.</param>
internal sealed record TemplateWarning(string Code, string Message);
