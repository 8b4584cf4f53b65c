namespace FollowUp.Infrastructure.Sandbox;

/// <summary>The wall clock of a world's own code, such as templates and a mail's date. What lasts is measured as everywhere.</summary>
internal sealed class SandboxClock : TimeProvider
{
    private long _ticks;

    /// <summary>Lets it show what the world's clock in the database shows.</summary>
    public void StandAt(DateTimeOffset instant) => Volatile.Write(ref _ticks, instant.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);
}
