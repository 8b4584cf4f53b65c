namespace FollowUp.Application.Operations;

/// <summary>Settings of operations.</summary>
public sealed record OperationOptions
{
    /// <summary>
    /// <c>Operations:SharePercent</c>: the share of time in which batches may run, for all nodes together, while steps are being executed.
    /// An idle engine gives them half of the time.
    /// </summary>
    public int SharePercent { get; init; } = 10;

    /// <summary><c>Operations:Retention</c>: how long ended operations are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
