namespace FollowUp.Application.Operations;

/// <summary>The originator of a change, in a response.</summary>
/// <param name="Kind"><c>user</c>, <c>apiKey</c>, <c>engine</c>, <c>recipient</c>, <c>provider</c> or <c>operator</c>.</param>
/// <param name="Id">The id of the user or of the API key; null when the kind has none.</param>
public sealed record ActorView([property: OneOf(typeof(ActorKind))] string Kind, Guid? Id);
