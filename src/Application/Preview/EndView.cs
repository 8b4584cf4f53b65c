namespace FollowUp.Application.Preview;

/// <summary>How an instance ended.</summary>
/// <param name="Type"><c>completed</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it was stopped.</param>
/// <param name="At">When.</param>
public sealed record EndView(string Type, string? Reason, DateTimeOffset At);
