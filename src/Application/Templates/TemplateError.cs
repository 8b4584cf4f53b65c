namespace FollowUp.Application.Templates;

/// <summary>Why a template cannot be used.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Counted from 1; 0 when it parses, and is wrong as a whole.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record TemplateError(string Message, int Line, int Column);
