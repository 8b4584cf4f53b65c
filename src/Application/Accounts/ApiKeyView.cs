using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>An API key as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="ReadOnly">Whether it may only read.</param>
/// <param name="Kind"><c>live</c>, or <c>sandbox</c> for one that acts in its user's sandbox.</param>
/// <param name="Hint">How its secret begins.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops being good; null means never.</param>
/// <param name="LastUsedAt">The hour in which it was last used; null until then.</param>
/// <param name="Key">The secret: only in the answer to the call that made it.</param>
public sealed record ApiKeyView(
    Guid Id,
    string Name,
    bool ReadOnly,
    string Kind,
    string Hint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
        string? Key = null
)
{
    internal static ApiKeyView From(ApiKey key, DateTimeOffset? lastUsedAt, string? secret) =>
        new(key.Id, key.Name, key.ReadOnly, EnumNames.Of(key.Kind), key.Hint, key.CreatedAt, key.ExpiresAt, lastUsedAt, secret);
}
