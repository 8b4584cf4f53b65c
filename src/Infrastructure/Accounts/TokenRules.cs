using System.Security.Claims;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>One claim that a token may have.</summary>
/// <param name="Name">The claim's type, as the token has it.</param>
/// <param name="Value">Its value, or one of its values.</param>
internal sealed record ClaimRule(string Name, string Value)
{
    /// <summary>Reads <c>name=value</c>; null when the text is something else.</summary>
    public static ClaimRule? Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = at < 0 ? ("", "") : (text[..at].Trim(), text[(at + 1)..].Trim());
        return name.Length > 0 && value.Length > 0 ? new ClaimRule(name, value) : null;
    }

    /// <summary>
    /// Whether a token has it. A claim with several values is one claim for each; <c>scope</c> and <c>scp</c> hold theirs in one text, separated
    /// by spaces (RFC 8693, section 4.2).
    /// </summary>
    public bool IsIn(ClaimsPrincipal token) =>
        token
            .FindAll(Name)
            .Any(claim =>
                claim.Value == Value || (Name is "scope" or "scp" && claim.Value.Split(' ').Contains(Value, StringComparer.Ordinal))
            );
}

/// <summary>What a token must have beyond a valid signature, and which tokens are an operator's.</summary>
internal sealed record TokenRules(ClaimRule? RequiredClaim, IReadOnlyList<string> Operators, bool EverybodyOperates)
{
    private const string RequiredClaimKey = "Authentication:RequiredClaim";

    /// <exception cref="SettingException">A setting is wrong.</exception>
    public static TokenRules Read(IConfiguration settings, IHostEnvironment environment)
    {
        var required = settings[RequiredClaimKey];
        var operators = settings.Words("Authentication:Operators");
        return new TokenRules(
            string.IsNullOrWhiteSpace(required)
                ? null
                : ClaimRule.Parse(required)
                    ?? throw new SettingException(
                        $"{RequiredClaimKey} is \"{required}\", but must be a claim and its value, such as roles=followup (environment variable Authentication__RequiredClaim)."
                    ),
            operators,
            environment.IsDevelopment() && operators.Count == 0
        );
    }

    public bool HasRequiredClaim(ClaimsPrincipal token) => RequiredClaim?.IsIn(token) ?? true;

    /// <summary>
    /// An entry names a subject, or a claim as <c>name=value</c>. API keys are no operator's, so that a leaked one cannot block users; in
    /// Development without the setting everybody is.
    /// </summary>
    public bool IsOperator(ClaimsPrincipal token, string subject) =>
        EverybodyOperates || Operators.Any(entry => entry == subject || ClaimRule.Parse(entry)?.IsIn(token) == true);
}
