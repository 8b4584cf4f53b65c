namespace FollowUp.Application.Sandbox;

/// <summary>
/// The caller's sandbox: a separate environment whose providers deliver nothing and whose clock moves only on request. It exists only for
/// API keys of the kind <c>sandbox</c>.
/// </summary>
public interface ISandbox
{
    /// <summary>Reads the clock.</summary>
    Task<SandboxClockView> Clock(CancellationToken cancellationToken);

    /// <summary>
    /// Takes the exclusive lock for moving the clock. A step that an earlier holder left unfinished is recovered, and its mail removed.
    /// </summary>
    /// <returns>The lock; null while another call holds it.</returns>
    Task<ISandboxClockLock?> Begin(CancellationToken cancellationToken);

    /// <summary>The messages that the sandbox's providers received, oldest first.</summary>
    /// <param name="query">The messages to return.</param>
    /// <param name="after">The number of the last message of the previous page; 0 for the first page.</param>
    /// <param name="most">The maximum number of messages.</param>
    /// <param name="mostBytes">The page ends with the message that reaches this size.</param>
    /// <returns>The messages with their numbers.</returns>
    Task<List<(long Number, SandboxMessageView Message)>> Messages(
        ListSandboxMessages query,
        long after,
        int most,
        long mostBytes,
        CancellationToken cancellationToken
    );
}
