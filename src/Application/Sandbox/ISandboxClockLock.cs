namespace FollowUp.Application.Sandbox;

/// <summary>The exclusive lock for moving a sandbox's clock. It ends when it is disposed or its process ends.</summary>
internal interface ISandboxClockLock : IAsyncDisposable
{
    DateTimeOffset Now { get; }

    /// <summary>The latest time that the clock can be moved to: ten years from now.</summary>
    DateTimeOffset Furthest { get; }

    /// <summary>When the next step is due, possibly in the past; null when there is none.</summary>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);

    Task MoveTo(DateTimeOffset instant, CancellationToken cancellationToken);

    /// <summary>Claims due steps and executes them in due order. On cancellation, claimed steps that have not started are released.</summary>
    /// <returns>The number of executed steps.</returns>
    Task<int> CarryOutDue(int most, CancellationToken cancellationToken);

    /// <summary>Runs batches of operations and of migrations, which nothing else runs in a sandbox. Returns whether one is still active.</summary>
    Task<bool> RunOperations(CancellationToken cancellationToken);

    /// <summary>Deletes everything in the sandbox and resets its clock to the current time.</summary>
    Task Empty(CancellationToken cancellationToken);
}
