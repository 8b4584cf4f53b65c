namespace FollowUp.Application.Sandbox;

/// <summary>The right to move a sandbox's clock; it ends when it is disposed of, or with the process that has it.</summary>
public interface ISandboxClockLock : IAsyncDisposable
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
