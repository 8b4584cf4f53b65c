using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

internal static class ApiKeyErrors
{
    public static ConflictError TooMany =>
        new("tooManyKeys", $"A user may have {ApiKey.MostPerUser} API keys that are neither revoked nor expired. Revoke one first.");
}
