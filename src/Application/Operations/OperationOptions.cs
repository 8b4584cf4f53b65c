namespace FollowUp.Application.Operations;

/// <summary>Settings of operations.</summary>
public sealed record OperationOptions
{
    /// <summary>
    /// <c>Operations:SharePercent</c>: how much of the time batches may run, all nodes together, while steps are being carried out. A quiet engine
    /// gives them half of the time.
    /// </summary>
    public int SharePercent { get; init; } = 10;

    /// <summary><c>Operations:Retention</c>: how long operations that have ended are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
