namespace FollowUp.Infrastructure.Accounts;

/// <summary>A request feature: the request's token was refused for a reason that the caller may know.</summary>
/// <param name="Detail">The reason, in a sentence.</param>
public sealed record TokenRefusal(string Detail);
