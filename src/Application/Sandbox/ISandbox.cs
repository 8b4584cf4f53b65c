namespace FollowUp.Application.Sandbox;

/// <summary>
/// The caller's sandbox: a world of its own, whose providers keep their mail to themselves and whose clock stands until it is moved. There is
/// one only where the caller's API key is of kind <c>sandbox</c>.
/// </summary>
public interface ISandbox
{
    /// <summary>What the clock shows.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The clock.</returns>
    Task<SandboxClockView> Clock(CancellationToken cancellationToken);

    /// <summary>Takes the right to move the clock. A step that an earlier holder left in the middle is taken back, with the mail of it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The turn; null while somebody else has it.</returns>
    Task<ISandboxTurn?> Begin(CancellationToken cancellationToken);

    /// <summary>The messages that the sandbox's providers were handed, oldest first.</summary>
    /// <param name="query">Which of them.</param>
    /// <param name="after">The number of the last message of the page before; 0 for the first page.</param>
    /// <param name="most">The most rows.</param>
    /// <param name="mostBytes">No more rows follow the one that reaches this size.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, each with its number.</returns>
    Task<List<(long Number, SandboxMessageView Message)>> Messages(
        ListSandboxMessages query,
        long after,
        int most,
        long mostBytes,
        CancellationToken cancellationToken
    );
}

/// <summary>The right to move a sandbox's clock; it ends when it is disposed of, or with the process that has it.</summary>
public interface ISandboxTurn : IAsyncDisposable
{
    /// <summary>What the clock shows.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The latest instant that the clock may be moved to: ten years from the real present.</summary>
    DateTimeOffset Furthest { get; }

    /// <summary>When the next step is due; null when none waits.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The instant; it may be past.</returns>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);

    /// <summary>Moves the clock. It never goes back.</summary>
    /// <param name="instant">Where to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task MoveTo(DateTimeOffset instant, CancellationToken cancellationToken);

    /// <summary>Claims steps that are due and carries them out, the one that was due first before the others.</summary>
    /// <param name="most">The most steps.</param>
    /// <param name="cancellationToken">Stops between two steps; what was not begun is given back.</param>
    /// <returns>How many were carried out.</returns>
    Task<int> CarryOutDue(int most, CancellationToken cancellationToken);

    /// <summary>Runs batches of operations and of migrations, which nothing else does in a sandbox.</summary>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Whether one is still running.</returns>
    Task<bool> RunOperations(CancellationToken cancellationToken);

    /// <summary>Deletes everything in the sandbox, and lets its clock stand at the real present.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task Empty(CancellationToken cancellationToken);
}

/// <summary>How much one call may do.</summary>
/// <param name="MostSteps"><c>Sandbox:StepsPerCall</c>: the most steps that one move of the clock carries out.</param>
/// <param name="MostTime"><c>Sandbox:TimePerCall</c>: how long one move of the clock goes on beginning steps.</param>
public sealed record SandboxOptions(int MostSteps, TimeSpan MostTime);
