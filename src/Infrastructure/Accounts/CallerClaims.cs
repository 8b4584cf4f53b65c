namespace FollowUp.Infrastructure.Accounts;

/// <summary>The claims that authentication sets for authorization.</summary>
public static class CallerClaims
{
    /// <summary>The header that carries an API key.</summary>
    public const string ApiKeyHeader = "X-Api-Key";

    /// <summary>The value of <see cref="Credential"/> for an API key.</summary>
    public const string ApiKey = "apiKey";

    /// <summary>The value of <see cref="Credential"/> for a token.</summary>
    public const string Token = "token";

    /// <summary>The internal user's id.</summary>
    public const string Owner = "followup:owner";

    /// <summary><c>true</c> for a read-only credential, otherwise <c>false</c>.</summary>
    public const string ReadOnly = "followup:read_only";

    /// <summary>The credential's kind: <c>token</c> or <see cref="ApiKey"/>.</summary>
    public const string Credential = "followup:credential";

    /// <summary>The id of the API key, for a credential that is one.</summary>
    public const string KeyId = "followup:key";

    /// <summary>When the token expires, in seconds since 1970; only for a token.</summary>
    public const string ExpiresAt = "followup:expires_at";

    /// <summary><c>true</c> for a request that is authenticated by the cookie of a browser session.</summary>
    public const string Session = "followup:session";

    /// <summary>Why a caller with a valid credential is refused everything: the <c>code</c> of the 403.</summary>
    public const string Refused = "followup:refused";

    /// <summary>The token lacks the claim required by <c>Authentication:RequiredClaim</c>.</summary>
    public const string ClaimMissing = "claimMissing";

    /// <summary>An operator has blocked the user.</summary>
    public const string Blocked = "blocked";

    /// <summary><c>true</c> for a caller that may use the operator's routes, otherwise <c>false</c>.</summary>
    public const string Operator = "followup:operator";

    /// <summary>Whether the caller works with live data or in a sandbox: <c>live</c> or <see cref="Sandbox"/>.</summary>
    public const string Kind = "followup:kind";

    /// <summary>The kind of a caller that works in its user's sandbox.</summary>
    public const string Sandbox = "sandbox";
}
