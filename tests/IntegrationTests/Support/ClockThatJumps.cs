namespace FollowUp.IntegrationTests.Support;

/// <summary>A monotonic clock that a test advances.</summary>
internal sealed class ClockThatJumps : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
}
