namespace FollowUp.Infrastructure.Sandbox;

/// <summary>A sandbox, or the number of sandboxes, has reached its limit.</summary>
public sealed class SandboxFullException(string message) : Exception(message)
{
    /// <summary>The SQLSTATE that a sandbox's own trigger raises when a quota is exceeded.</summary>
    internal const string SqlState = "FU001";

    /// <summary>The message of a full sandbox in a failure; null when the failure has another cause.</summary>
    public static string? Reason(Exception failure) =>
        failure switch
        {
            SandboxFullException full => full.Message,
            PostgresException { SqlState: SqlState } refused => refused.MessageText,
            { InnerException: { } inner } => Reason(inner),
            _ => null,
        };
}
