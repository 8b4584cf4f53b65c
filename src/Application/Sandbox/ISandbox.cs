namespace FollowUp.Application.Sandbox;

/// <summary>
/// The caller's sandbox: a separate environment whose providers deliver nothing and whose clock moves only on request. It exists only for
/// API keys of the kind <c>sandbox</c>.
/// </summary>
internal interface ISandbox
{
    Task<SandboxClockView> Clock(CancellationToken cancellationToken);

    /// <summary>The lock for a move of the clock; null while another call holds it. Takes back the step that an interrupted call left.</summary>
    Task<ISandboxClockLock?> Begin(CancellationToken cancellationToken);

    /// <summary>The messages that the sandbox's providers received, oldest first.</summary>
    /// <param name="after">The number of the last message of the previous page; 0 for the first page.</param>
    /// <param name="mostBytes">The page ends with the message that reaches this size.</param>
    Task<List<(long Number, SandboxMessageView Message)>> Messages(
        ListSandboxMessages query,
        long after,
        int most,
        long mostBytes,
        CancellationToken cancellationToken
    );
}
