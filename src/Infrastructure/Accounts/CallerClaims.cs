namespace FollowUp.Infrastructure.Accounts;

/// <summary>The claims that authentication leaves for the rules of access.</summary>
public static class CallerClaims
{
    /// <summary>The header that carries an API key.</summary>
    public const string ApiKeyHeader = "X-Api-Key";

    /// <summary>The value of <see cref="Credential"/> for an API key.</summary>
    public const string ApiKey = "apiKey";

    /// <summary>The internal user's id.</summary>
    public const string Owner = "followup:owner";

    /// <summary><c>true</c> for a credential that may only read, else <c>false</c>.</summary>
    public const string ReadOnly = "followup:read_only";

    /// <summary>The credential's kind: <c>token</c> or <see cref="ApiKey"/>.</summary>
    public const string Credential = "followup:credential";

    /// <summary>Why a caller whose credential is genuine may do nothing at all: the <c>code</c> of the 403.</summary>
    public const string Refused = "followup:refused";

    /// <summary>The token lacks the claim that <c>Authentication:RequiredClaim</c> asks for.</summary>
    public const string ClaimMissing = "claimMissing";

    /// <summary>An operator has blocked the user.</summary>
    public const string Blocked = "blocked";

    /// <summary><c>true</c> for a caller that may use the operator's routes, else <c>false</c>.</summary>
    public const string Operator = "followup:operator";

    /// <summary>In which world the caller acts: <c>live</c> or <see cref="Sandbox"/>.</summary>
    public const string Kind = "followup:kind";

    /// <summary>The kind of a caller that acts in its user's sandbox.</summary>
    public const string Sandbox = "sandbox";
}
