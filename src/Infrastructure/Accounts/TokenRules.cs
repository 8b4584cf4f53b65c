using System.Security.Claims;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>The type of a claim as written in a token, and its value or one of its values.</summary>
internal sealed record ClaimRule(string Name, string Value)
{
    /// <summary>The rule as <c>name=value</c>.</summary>
    public string Text => $"{Name}={Value}";

    /// <summary>Parses <c>name=value</c>; returns null for any other text.</summary>
    public static ClaimRule? Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = at < 0 ? ("", "") : (text[..at].Trim(), text[(at + 1)..].Trim());
        return name.Length > 0 && value.Length > 0 ? new ClaimRule(name, value) : null;
    }

    /// <summary>
    /// Whether a token has the claim. A claim with several values is one claim per value; <c>scope</c> and <c>scp</c> hold their values in one
    /// string, separated by spaces (RFC 8693, section 4.2).
    /// </summary>
    public bool IsIn(ClaimsPrincipal token) =>
        token
            .FindAll(Name)
            .Any(claim =>
                claim.Value == Value || (Name is "scope" or "scp" && claim.Value.Split(' ').Contains(Value, StringComparer.Ordinal))
            );
}

/// <summary>The settings that admitted the token of a session. The session is valid only while they still do.</summary>
/// <param name="Authority">The issuer; null for a session of Development, which has none.</param>
/// <param name="RequiredClaim">The required claim as <c>name=value</c>; null when none was required.</param>
/// <param name="OperatorRule">The entry of <c>Authentication:Operators</c> that matched the token; null for none.</param>
internal sealed record Admission(string? Authority, string? RequiredClaim, string? OperatorRule);

/// <summary>What a token must have in addition to a valid signature, and which tokens belong to operators.</summary>
internal sealed record TokenRules(
    string? Authority,
    ClaimRule? RequiredClaim,
    IReadOnlyList<string> Operators,
    bool EverybodyOperates,
    bool TakesDevTokens
)
{
    private const string RequiredClaimKey = "Authentication:RequiredClaim";

    public static TokenRules Read(IConfiguration settings, IHostEnvironment environment)
    {
        var required = settings[RequiredClaimKey];
        var operators = settings.Words("Authentication:Operators");
        return new TokenRules(
            settings["Authentication:Authority"] is { Length: > 0 } authority ? authority : null,
            string.IsNullOrWhiteSpace(required)
                ? null
                : ClaimRule.Parse(required)
                    ?? throw new SettingException(
                        $"{RequiredClaimKey} is \"{required}\", but must be a claim and its value, such as roles=followup (environment variable Authentication__RequiredClaim)."
                    ),
            operators,
            environment.IsDevelopment() && operators.Count == 0,
            DevTokens.AreTaken(settings, environment)
        );
    }

    public bool HasRequiredClaim(ClaimsPrincipal token) => RequiredClaim?.IsIn(token) ?? true;

    /// <summary>
    /// An entry is a subject, or a claim as <c>name=value</c>. API keys never belong to operators, so that a leaked key cannot block users; in
    /// Development without the setting every user is an operator.
    /// </summary>
    public bool IsOperator(ClaimsPrincipal token, string subject) => EverybodyOperates || OperatorRule(token, subject) is not null;

    /// <summary>What a session keeps of a token that was admitted.</summary>
    public Admission Admit(ClaimsPrincipal token, string subject) => new(Authority, RequiredClaim?.Text, OperatorRule(token, subject));

    /// <summary>
    /// Whether a token that was admitted when its session began would still be. The issuer's setting is compared, not the token's issuer, which
    /// may be spelt differently. A claim that is required since then is unknown, so signing in again must prove it.
    /// </summary>
    public bool StillAdmits(Admission admission) =>
        admission.Authority == Authority && (RequiredClaim is null || admission.RequiredClaim == RequiredClaim.Text);

    /// <summary>The entry that makes the token an operator's; null for none.</summary>
    private string? OperatorRule(ClaimsPrincipal token, string subject) =>
        Operators.FirstOrDefault(entry => entry == subject || ClaimRule.Parse(entry)?.IsIn(token) == true);

    /// <summary>Whether an entry that matched a token when its session began is still in the setting.</summary>
    public bool IsOperatorBy(string? rule) => rule is not null && Operators.Contains(rule, StringComparer.Ordinal);
}
