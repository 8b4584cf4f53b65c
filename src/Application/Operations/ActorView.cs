namespace FollowUp.Application.Operations;

/// <summary>Who asked for a change, as a client reads it.</summary>
/// <param name="Kind"><c>user</c>, <c>apiKey</c>, <c>engine</c>, <c>recipient</c>, <c>provider</c> or <c>operator</c>.</param>
/// <param name="Id">The user's id; null when the kind has none.</param>
public sealed record ActorView(string Kind, Guid? Id);
