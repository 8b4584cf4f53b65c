namespace FollowUp.Application.Templates;

/// <summary>Why a template cannot be used.</summary>
/// <param name="Line">From 1; 0 when the template parses and the error concerns it as a whole.</param>
internal sealed record TemplateError(string Message, int Line, int Column);
