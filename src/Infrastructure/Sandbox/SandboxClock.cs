namespace FollowUp.Infrastructure.Sandbox;

/// <summary>The wall clock of a sandbox's in-process code. Elapsed time is still measured by the system's monotonic clock.</summary>
internal sealed class SandboxClock : TimeProvider
{
    private long _ticks;

    public void SetTo(DateTimeOffset instant) => Volatile.Write(ref _ticks, instant.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);
}
