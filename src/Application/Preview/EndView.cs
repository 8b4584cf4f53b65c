namespace FollowUp.Application.Preview;

/// <summary>How an instance ended.</summary>
/// <param name="Type">The stop reason, or null.</param>
/// <param name="Reason">Why it was stopped.</param>
/// <param name="At">When it ended.</param>
public sealed record EndView([property: OneOf("completed", "stopped")] string Type, string? Reason, DateTimeOffset At);
