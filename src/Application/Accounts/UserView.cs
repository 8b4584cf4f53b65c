namespace FollowUp.Application.Accounts;

/// <summary>A user in a response to an operator.</summary>
/// <param name="Id">The internal id.</param>
/// <param name="Issuer">The issuer of the user's tokens.</param>
/// <param name="Subject">The user's subject at that issuer.</param>
/// <param name="CreatedAt">When the user first called the API.</param>
/// <param name="BlockedAt">When an operator blocked the user; null while the user is not blocked.</param>
/// <param name="BlockedBy">The operator's user id.</param>
public sealed record UserView(Guid Id, string Issuer, string Subject, DateTimeOffset CreatedAt, DateTimeOffset? BlockedAt, Guid? BlockedBy);
