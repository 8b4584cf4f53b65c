namespace FollowUp.Application.Instances;

/// <summary>The count of a metric on a day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="IsWholeInstance">Whether it counts events of whole instances instead of steps.</param>
/// <param name="Metric">The metric, such as <c>sent</c> or <c>stopped.replied</c>.</param>
/// <param name="Count">The number of events.</param>
public sealed record DayMetric(DateOnly Day, bool IsWholeInstance, string Metric, long Count);
