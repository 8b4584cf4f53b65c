namespace FollowUp.Application.Sandbox;

/// <summary>The right to move a sandbox's clock; it ends when it is disposed of, or with the process that has it.</summary>
public interface ISandboxClockLock : IAsyncDisposable
{
    /// <summary>What the clock shows.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The latest instant that the clock may be moved to: ten years from the real present.</summary>
    DateTimeOffset Furthest { get; }

    /// <summary>When the next step is due; null when none waits.</summary>
    /// <returns>The instant; it may be past.</returns>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);

    /// <summary>Moves the clock. It never goes back.</summary>
    /// <param name="instant">Where to.</param>
    Task MoveTo(DateTimeOffset instant, CancellationToken cancellationToken);

    /// <summary>Claims due steps and carries them out in due order. On cancellation, claimed steps that have not started are released.</summary>
    /// <param name="most">The most steps.</param>
    /// <returns>How many were carried out.</returns>
    Task<int> CarryOutDue(int most, CancellationToken cancellationToken);

    /// <summary>Runs batches of operations and of migrations, which nothing else does in a sandbox.</summary>
    /// <returns>Whether one is still running.</returns>
    Task<bool> RunOperations(CancellationToken cancellationToken);

    /// <summary>Deletes everything in the sandbox, and lets its clock stand at the real present.</summary>
    Task Empty(CancellationToken cancellationToken);
}
