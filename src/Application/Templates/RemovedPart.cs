namespace FollowUp.Application.Templates;

/// <summary>Something that cleaning takes out of a mail.</summary>
/// <param name="What">The element, attribute, declaration or rule, such as <c>&lt;script&gt;</c>, <c>onclick</c> or <c>position:fixed</c>.</param>
/// <param name="Where">The first place where it stood, such as <c>line 3, &lt;a&gt;</c>.</param>
/// <param name="Why">What it would do.</param>
public sealed record RemovedPart(string What, string Where, string Why);
