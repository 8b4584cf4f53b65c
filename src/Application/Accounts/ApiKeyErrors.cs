namespace FollowUp.Application.Accounts;

internal static class ApiKeyErrors
{
    public static Result NotFound => Error.NotFound("There is no such API key.");

    public static Result TooMany =>
        Error.Conflict(
            "tooManyKeys",
            $"A user may have {ApiKey.MostPerUser} API keys that are neither revoked nor expired. Revoke one first."
        );
}
