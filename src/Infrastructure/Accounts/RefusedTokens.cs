using Microsoft.IdentityModel.Tokens;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>
/// Logs why tokens are refused, so that an operator can configure the issuer. Never logs the token, nor the library's messages, which may quote it.
/// Logs each reason at most once a minute, because any client can send tokens.
/// </summary>
internal sealed partial class RefusedTokens(TimeProvider time, ILogger<RefusedTokens> logger)
{
    private const int LongestQuote = 200;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>By reason; there are only a few reasons.</summary>
    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    /// <summary>Returns what the caller may know in addition to the status; null for nothing.</summary>
    public TokenRefusal? Note(Exception failure, string? audience, IEnumerable<string> named)
    {
        var detail =
            failure is not SecurityTokenInvalidAudienceException || audience is null ? null
            : Quoted(string.Join(", ", named)) is { Length: > 0 } given
                ? $"The token is for the audience \"{given}\"; it must be for \"{audience}\"."
            : $"The token names no audience; it must be for \"{audience}\".";
        Note(
            ReasonOf(failure),
            detail
                ?? (
                    failure is SecurityTokenInvalidIssuerException { InvalidIssuer: { } issuer }
                        ? $"Its issuer is \"{Quoted(issuer)}\"."
                        : ""
                )
        );
        return detail is null ? null : new TokenRefusal(detail);
    }

    public void Note(string reason, string detail = "")
    {
        var seen = _seen.GetOrAdd(reason, _ => new Seen());
        int unlogged;
        lock (seen)
        {
            if (time.GetUtcNow() < seen.NextLine)
            {
                seen.Unlogged++;
                return;
            }

            seen.NextLine = time.GetUtcNow() + Every;
            (unlogged, seen.Unlogged) = (seen.Unlogged, 0);
        }

        LogRefused(logger, reason, detail, unlogged);
    }

    /// <summary>The most specific type first: for the library, a missing key is a kind of invalid signature.</summary>
    private static string ReasonOf(Exception failure) =>
        failure switch
        {
            SecurityTokenExpiredException => "expired",
            SecurityTokenNotYetValidException => "not yet valid",
            SecurityTokenNoExpirationException => "no expiration",
            SecurityTokenInvalidLifetimeException => "wrong lifetime",
            SecurityTokenInvalidAudienceException => "wrong audience",
            SecurityTokenInvalidIssuerException => "wrong issuer",
            SecurityTokenSignatureKeyNotFoundException => "unknown key",
            SecurityTokenInvalidSigningKeyException => "unusable key",
            SecurityTokenInvalidAlgorithmException => "wrong algorithm",
            SecurityTokenInvalidSignatureException => "bad signature",
            SecurityTokenMalformedException or ArgumentException => "malformed",
            _ => "invalid",
        };

    private static string Quoted(string text) => SingleLine.Of(text, LongestQuote);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A token was refused: {Reason}. {Detail} {Unlogged} more were refused for this reason since the previous message"
    )]
    private static partial void LogRefused(ILogger logger, string reason, string detail, int unlogged);

    private sealed class Seen
    {
        public DateTimeOffset NextLine { get; set; }
        public int Unlogged { get; set; }
    }
}
