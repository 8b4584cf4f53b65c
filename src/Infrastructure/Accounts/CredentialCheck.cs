using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Looks the request's credential up again. Does not extend a session: a tab that only listens is no use.</summary>
internal sealed class CredentialCheck(
    IHttpContextAccessor http,
    NpgsqlDataSource dataSource,
    Accounts accounts,
    Sessions sessions,
    ICaller caller,
    TimeProvider time
) : ICredentialCheck
{
    public async Task<bool> IsValid(CancellationToken cancellationToken)
    {
        var (context, user) = (http.HttpContext!, http.HttpContext!.User);
        if (user.HasClaim(CallerClaims.Session, "true"))
        {
            return SessionCookie.Read(context) is { } secret && await sessions.Find(secret, cancellationToken) is { IsBlocked: false };
        }

        if (caller.KeyId is { } key)
        {
            // Locks nothing.
            await using var command = dataSource.CreateCommand(
                """
                SELECT EXISTS (SELECT 1 FROM api_key k WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
                                 AND NOT EXISTS (SELECT 1 FROM blocked_owner b WHERE b.owner_id = k.owner_id))
                """
            );
            command.Parameters.Add(new() { Value = key });
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        return user.FindFirstValue(CallerClaims.ExpiresAt) is { } seconds
            && DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)) > time.GetUtcNow()
            && !await accounts.IsBlocked(caller.OwnerId, cancellationToken);
    }
}
