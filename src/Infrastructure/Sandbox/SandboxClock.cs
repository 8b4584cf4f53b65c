namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// The wall clock for a sandbox's in-process code, such as templates and a mail's date. Elapsed time is still measured by the system's monotonic
/// clock.
/// </summary>
internal sealed class SandboxClock : TimeProvider
{
    private long _ticks;

    /// <summary>Sets it to the sandbox's clock in the database.</summary>
    public void SetTo(DateTimeOffset instant) => Volatile.Write(ref _ticks, instant.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);
}
