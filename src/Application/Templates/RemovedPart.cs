namespace FollowUp.Application.Templates;

/// <summary>Content that cleaning removes from a mail.</summary>
/// <param name="What">The element, attribute, declaration or rule, such as <c>&lt;object&gt;</c>, <c>onclick</c> or <c>position:fixed</c>.</param>
/// <param name="Where">Its first location, such as <c>line 3, &lt;a&gt;</c>.</param>
/// <param name="Why">Why it is removed.</param>
public sealed record RemovedPart(string What, string Where, string Why);
