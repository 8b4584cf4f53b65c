namespace FollowUp.Application.Accounts;

/// <summary>A user as an operator sees it.</summary>
/// <param name="Id">The internal id.</param>
/// <param name="Issuer">The issuer of the user's tokens.</param>
/// <param name="Subject">The user's name with that issuer.</param>
/// <param name="CreatedAt">When the user was first seen.</param>
/// <param name="BlockedAt">When an operator blocked the user; null while the user is not blocked.</param>
/// <param name="BlockedBy">The operator's user id.</param>
public sealed record UserView(Guid Id, string Issuer, string Subject, DateTimeOffset CreatedAt, DateTimeOffset? BlockedAt, Guid? BlockedBy);
