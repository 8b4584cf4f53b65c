namespace FollowUp.Application.Accounts;

/// <summary>An API key in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
/// <param name="ReadOnly">Whether it may only read.</param>
/// <param name="Kind"><c>live</c>, or <c>sandbox</c> for one that acts in its user's sandbox.</param>
/// <param name="Hint">The start of the secret.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">When it expires; null means never.</param>
/// <param name="LastUsedAt">The hour of its last use; null before the first.</param>
/// <param name="Key">The secret; only in the response to its creation.</param>
public sealed record ApiKeyView(
    Guid Id,
    string Name,
    bool ReadOnly,
    [property: OneOf(typeof(ApiKeyKind))] string Kind,
    string Hint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
        string? Key = null
)
{
    internal static ApiKeyView From(ApiKey key, DateTimeOffset? lastUsedAt, string? secret) =>
        new(key.Id, key.Name, key.ReadOnly, CamelNames.Of(key.Kind), key.Hint, key.CreatedAt, key.ExpiresAt, lastUsedAt, secret);
}
