namespace FollowUp.Infrastructure.Accounts;

/// <summary>A request feature: the request's token was refused for a reason that the caller may know.</summary>
public sealed record TokenRefusal(string Detail);
