namespace FollowUp.Application.Accounts;

/// <summary>The caller of the request.</summary>
/// <param name="Id">The internal user id, the owner of everything that the caller creates.</param>
/// <param name="Issuer">The issuer of the user's tokens.</param>
/// <param name="Subject">The user's subject at that issuer.</param>
/// <param name="Credential">The credential's kind: <c>token</c> or <c>apiKey</c>.</param>
/// <param name="ReadOnly">Whether this credential may only read.</param>
/// <param name="Kind"><c>live</c>, or <c>sandbox</c> for an API key that acts in its user's sandbox.</param>
/// <param name="CreatedAt">When the user first called the API.</param>
/// <param name="Operator">Whether this credential may use the operator's routes.</param>
/// <param name="Permissions">
/// The permissions of this credential: <c>read</c>, <c>write</c>, <c>manageKeys</c> (tokens only), <c>operate</c> (operators only).
/// </param>
public sealed record MeView(
    Guid Id,
    string Issuer,
    string Subject,
    [property: OneOf("token", "apiKey")] string Credential,
    bool ReadOnly,
    [property: OneOf(typeof(ApiKeyKind))] string Kind,
    DateTimeOffset CreatedAt,
    bool Operator,
    IReadOnlyList<string> Permissions
);
