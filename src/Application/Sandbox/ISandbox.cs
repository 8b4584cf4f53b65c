namespace FollowUp.Application.Sandbox;

/// <summary>
/// The caller's sandbox: a world of its own, whose providers keep their mail to themselves and whose clock stands until it is moved. There is
/// one only where the caller's API key is of kind <c>sandbox</c>.
/// </summary>
public interface ISandbox
{
    /// <summary>What the clock shows.</summary>
    Task<SandboxClockView> Clock(CancellationToken cancellationToken);

    /// <summary>Takes the right to move the clock. A step that an earlier holder left in the middle is taken back, with the mail of it.</summary>
    /// <returns>The turn; null while somebody else has it.</returns>
    Task<ISandboxClockLock?> Begin(CancellationToken cancellationToken);

    /// <summary>The messages that the sandbox's providers were handed, oldest first.</summary>
    /// <param name="query">Which of them.</param>
    /// <param name="after">The number of the last message of the page before; 0 for the first page.</param>
    /// <param name="most">The most rows.</param>
    /// <param name="mostBytes">No more rows follow the one that reaches this size.</param>
    /// <returns>The messages, each with its number.</returns>
    Task<List<(long Number, SandboxMessageView Message)>> Messages(
        ListSandboxMessages query,
        long after,
        int most,
        long mostBytes,
        CancellationToken cancellationToken
    );
}
